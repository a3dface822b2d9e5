"""The JSON format of a learner's history: what a row has, and its bounds."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    field_validator,
)

from quiz.learning.spaced_repetition import Correction
from quiz.storage.rehearsals import Mark

VERSION = 1
ANSWER_LENGTH = 10_000

Value = TypeVar("Value")


def _bounded(value: Value) -> Value:
    if len(json.dumps(value)) > ANSWER_LENGTH:
        raise ValueError(f"it has more than {ANSWER_LENGTH} characters")
    return value


Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Time = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Answer = Annotated[JsonValue, AfterValidator(_bounded)]
FormFields = Annotated[tuple[tuple[str, str], ...], AfterValidator(_bounded)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class AttemptRow(_Row):
    """An attempt. `id` and `counted` of the file are ignored: the importing server sets both."""

    token: Name
    pack: Name
    question: Name
    kind: Name
    answer: Answer = None
    score: float | None = Field(None, ge=0, le=1)
    revealed: bool = False
    run: Name | None = None
    at: Time
    confidence: Literal["guess", "think", "certain"] | None = None
    hinted: bool = False
    correction: Correction | None = None
    drawn: dict[Name, Finite] | None = Field(None, max_length=100)


class RehearsalRow(_Row):
    """The learner's mark of an interview question that they answered aloud."""

    pack: Name
    topic: Name
    mark: Mark
    at: Time


class MockAnswerRow(_Row):
    """The form that the learner sent at a place of a mock interview, counted from 1."""

    place: int = Field(ge=1, le=1000)
    form: FormFields
    because: str = Field("", max_length=ANSWER_LENGTH)
    confidence: Name | None = None
    at: Time


class MockInterviewRow(_Row):
    """A finished mock interview. An item is its pack, its kind and its name."""

    token: Name
    items: tuple[tuple[Name, Literal["question", "aloud"], Name], ...] = Field(max_length=1000)
    begun: Time
    seconds: int | None = Field(None, ge=1, le=10**6)
    extended: int = Field(0, ge=0, le=10**9)
    ended: Time
    answers: tuple[MockAnswerRow, ...] = Field((), max_length=1000)

    @field_validator("answers")
    @classmethod
    def _once(cls, answers: tuple[MockAnswerRow, ...]) -> tuple[MockAnswerRow, ...]:
        if len({one.place for one in answers}) < len(answers):
            raise ValueError("two of them have one place")
        return answers
