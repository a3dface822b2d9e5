"""Parts of a pack while it is read: the demo of a question, the leaves of its data, its claims."""

import contextlib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from quiz.claims.facts import Names
from quiz.claims.syntax import size
from quiz.demos.model import Demo
from quiz.documents.yaml_document import Document, Loc, ProblemsError
from quiz.packs.schema import EXPRESSIONS, FORMULAS

# Each is compiled and tried, in a time that grows with its length. The shipped pack has 400 claims
# of 6,000 tokens.
MOST_CLAIMS, MOST_TOKENS = 5000, 50_000


@dataclass(frozen=True)
class Stage:
    """The demo that a question is about, as far as its file says so."""

    demo: Demo
    variant: str
    environment: str
    values: Mapping[str, float | int]

    @functools.cached_property
    def names(self) -> Names:
        return Names.of(self.demo, self.variant)

    def over(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given, with the defaults for what was left out; what has no sense stays."""
        found = {"variant": self.variant, "environment": self.environment}
        full = dict(given) | {key: value for key, value in found.items() if not given.get(key)}
        if isinstance(given.get("parameters") or {}, dict):
            full["parameters"] = dict(self.values)
        return full


def leaves(raw: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if isinstance(raw, dict | list):
        for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from leaves(value, (*loc, key))
    else:
        yield loc, raw


def field_of(loc: Loc) -> str:
    """The field in which a leaf stands: one of several in a list bears the list's name."""
    return next((str(step) for step in reversed(loc) if isinstance(step, str)), "")


def bound_claims(document: Document) -> None:
    """Raises ProblemsError on more claims than are checked in seconds; each draw has its own."""
    count = tokens = 0
    for loc, source in leaves(document.data, ()):
        # A value of a draw counts as a claim, too: the whole question is read again with it.
        if not _is_claim(loc, source) and "vary" not in loc:
            continue
        times = 1 if "vary" in loc else 1 + _draws(document.data, loc)
        count += times
        tokens += times * size(source) if isinstance(source, str) else 0
        if count > MOST_CLAIMS:
            _refuse(document, loc, f"is one of more than {MOST_CLAIMS:,} claims")
        if tokens > MOST_TOKENS:
            limit = f"{MOST_TOKENS:,} names, numbers and signs"
            _refuse(document, loc, f"brings the claims of the pack over {limit}")


def _is_claim(loc: Loc, source: Any) -> bool:
    field = field_of(loc)
    return field in EXPRESSIONS or (field in FORMULAS and isinstance(source, str))


def _refuse(document: Document, loc: Loc, reason: str) -> NoReturn:
    counted = f"{reason}, those of each vary counted"
    raise ProblemsError([document.problem(loc, counted, "Split the pack.")])


def _draws(data: Any, loc: Loc) -> int:
    """With how many other sets of numbers the question at this place is asked."""
    with contextlib.suppress(LookupError, TypeError):
        return len(data["questions"][loc[1]]["vary"])
    return 0
