"""A pack's file while it is read: its document, the demos it may name, and the problems so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quiz.demos.model import Demo
from quiz.documents.yaml_document import Document, Loc, Problem


@dataclass
class Reading:
    """`broken` are the demos that cannot be used, each with its own problems."""

    document: Document
    demos: Mapping[str, Demo]
    broken: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def data(self) -> Any:
        return self.document.data

    def note(self, loc: Loc, reason: str, mend: str = "") -> None:
        self.problems.append(self.document.problem(loc, reason, mend))

    def note_key(self, loc: Loc, reason: str, mend: str = "") -> None:
        """A problem of a mapping's key, not of its value."""
        self.problems.append(self.document.problem_of_key(loc, reason, mend))

    def without_problems(self) -> "Reading":
        """The same file without the problems that were found so far."""
        return replace(self, problems=[])
