"""Limits on the claims of a pack, so that a pack is checked in seconds."""

import contextlib
from collections.abc import Iterator
from typing import Any

from quiz.claims.expression import Expression
from quiz.claims.formula import Formula
from quiz.claims.syntax import size
from quiz.documents.field_types import Field, walk
from quiz.documents.yaml_document import Document, ProblemsError
from quiz.packs.schema import PACK

# Each claim is compiled and tried, in a time that grows with its length. The shipped pack has 400
# claims of 6,000 tokens.
MOST_CLAIMS, MOST_TOKENS = 5000, 50_000


def check_limits(document: Document) -> None:
    """Raises ProblemsError at the first claim that exceeds a limit."""
    count = tokens = 0
    for field, times in _claims(document.data):
        count += times
        tokens += times * size(field.value) if isinstance(field.value, str) else 0
        if count > MOST_CLAIMS:
            raise _refusal(document, field, f"is one of more than {MOST_CLAIMS:,} claims")
        if tokens > MOST_TOKENS:
            limit = f"{MOST_TOKENS:,} names, numbers and signs"
            raise _refusal(document, field, f"brings the claims of the pack over {limit}")


def _claims(data: Any) -> Iterator[tuple[Field, int]]:
    """Each claim, and how often it is read. A value under `vary` counts as a claim too."""
    for field in walk(PACK, data):
        if isinstance(field.value, dict | list):
            continue
        if "vary" in field.loc:
            yield field, 1
        elif isinstance(field.value, str) and _is_claim(field):
            yield field, 1 + _variants(data, field)


def _is_claim(field: Field) -> bool:
    return bool(field.type.subclasses(Expression) or field.type.instance(Formula))


def _variants(data: Any, field: Field) -> int:
    """How many variants the question of this field has."""
    with contextlib.suppress(LookupError, TypeError):
        return len(data["questions"][field.loc[1]]["vary"])
    return 0


def _refusal(document: Document, field: Field, reason: str) -> ProblemsError:
    counted = f"{reason}, those of each vary counted"
    return ProblemsError([document.problem(field.loc, counted, "Split the pack.")])
