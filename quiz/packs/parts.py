"""Parts of a pack while it is read: the demo of a question, the leaves of its data, its claims."""

import contextlib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quiz.claims.facts import Names
from quiz.demos.model import Demo
from quiz.documents.yaml_document import Document, Loc, ProblemsError
from quiz.packs.schema import EXPRESSIONS

# Each is compiled and tried. The shipped pack has 400.
MOST_CLAIMS = 5000


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
    count = 0
    for loc, _ in leaves(document.data, ()):
        if field_of(loc) not in EXPRESSIONS:
            continue
        count += 1 + _draws(document.data, loc)
        if count > MOST_CLAIMS:
            reason = f"is one of more than {MOST_CLAIMS:,} claims, those of each vary counted"
            raise ProblemsError([document.problem(loc, reason, "Split the pack.")])


def _draws(data: Any, loc: Loc) -> int:
    """With how many other sets of numbers the question at this place is asked."""
    with contextlib.suppress(LookupError, TypeError):
        return len(data["questions"][loc[1]]["vary"])
    return 0
