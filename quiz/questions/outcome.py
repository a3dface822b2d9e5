"""What a run decides about a claim, and the interface of claims. quiz.claims implements it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Outcome:
    """The result of a claim in a run. `held` is None if the run cannot decide; see `error`.

    `observed` has the values of the facts that the claim names; None if the event did not happen.
    `value` is the run's own answer if the question asks for a number or a word.
    """

    held: bool | None
    observed: Mapping[str, Any]
    error: str | None = None
    value: float | str | None = None

    @property
    def word(self) -> str:
        return {True: "held", False: "did not hold", None: "cannot be said"}[self.held]


class Claimed(Protocol):
    """A statement that the facts of a run decide."""

    @property
    def source(self) -> str: ...
    def paths(self) -> Sequence[str]: ...
    def check(self, facts: Mapping[str, Any]) -> Outcome: ...
