"""Why the sandbox does not do what it is asked for."""

from collections.abc import Mapping
from typing import Any

from quiz.errors import QuizError


class UnknownDemo(QuizError):
    """No demo of that name."""


class UnknownRun(QuizError):
    """No run of that id was ever here."""


class Evicted(QuizError):
    """The run was here; its record made room for newer ones."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__("This run is no longer kept. Run it again.")
        self.row = row


class QueueFull(QuizError):
    """Too many runs wait already, or too many of this caller."""

    def __init__(self, retry_after: int, reason: str = "Too many runs are waiting.") -> None:
        super().__init__(f"{reason} Try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(QuizError):
    """It cannot run here; the message names the command that mends it."""


class Unbreakable(QuizError):
    """This run does not let that be broken, or not now."""
