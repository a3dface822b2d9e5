"""Errors of the run service. Each message says what happened and what to do."""

from collections.abc import Mapping
from typing import Any

from quiz.errors import QuizError


class UnknownDemo(QuizError):
    """There is no demo of this name."""


class UnknownRun(QuizError):
    """There never was a run with this id."""


class Evicted(QuizError):
    """The run existed; its record was deleted to make room for newer ones. `row` is its row."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__("This run is no longer kept. Run it again.")
        self.row = row


class QueueFull(QuizError):
    """Too many runs are waiting, or too many of this caller. `retry_after` is in seconds."""

    def __init__(self, retry_after: int, reason: str = "Too many runs are waiting.") -> None:
        super().__init__(f"{reason} Try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(QuizError):
    """The variant cannot run here. The message names the command that fixes it."""


class Unbreakable(QuizError):
    """The run does not offer this fault, or not now."""
