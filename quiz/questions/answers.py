"""Answers: the form that a learner sends, and the grade of an answer. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from quiz.errors import QuizError

# JSON-compatible data: what a kind's `parse` returns.
Answer = Any
# The fields of a form: name and value.
Pairs = list[tuple[str, str]]
MARKS = {"right": "Right", "partly": "Partly right", "wrong": "Not right"}


class AnswerError(QuizError):
    """A form that contains no answer, or a malformed one."""


class Form(Protocol):
    """The fields that a learner sent. Several values may have the same name."""

    def getlist(self, key: Any, /) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Grade:
    """The score of an answer, from 0 to 1, and a sentence that explains it."""

    score: float
    feedback: str

    @property
    def mark(self) -> Literal["right", "partly", "wrong"]:
        if self.score >= 1:
            return "right"
        return "partly" if self.score > 0 else "wrong"


@dataclass(frozen=True, slots=True)
class Count:
    """The number of learners who gave an answer. The text is Markdown."""

    text: str
    n: int
    right: bool


def one_text(form: Form, name: str) -> str | None:
    """The text sent under this name; None if there is none. Raises AnswerError for several."""
    given = texts(form, name)
    if len(given) > 1:
        raise AnswerError("This field was sent twice. Send it once.")
    return given[0].strip() if given else None


def texts(form: Form, name: str) -> list[str]:
    """The texts sent under this name. Raises AnswerError for a file."""
    given = list(form.getlist(name))
    if not all(isinstance(value, str) for value in given):
        raise AnswerError("A file is no answer. Use the fields of the form.")
    return given
