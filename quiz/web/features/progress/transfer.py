"""What a learner did as the file that takes it elsewhere, and that file read again."""

import csv
import io
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
)

from quiz.errors import QuizError
from quiz.exchange.columns import guarded
from quiz.learning.attempt import Attempt, new_id
from quiz.learning.spaced_repetition import Correction
from quiz.storage.mock_interviews import Item, MockAnswer, MockInterview
from quiz.storage.rehearsals import Mark, Rehearsal

VERSION = 1
# The learner is left out: it says who, and to another cookie it would mean somebody else.
NAMES = (
    *("id", "token", "pack", "question", "kind", "answer", "score", "revealed", "run", "at"),
    *("counted", "confidence", "hinted", "correction", "drawn"),
)
MOST_ATTEMPTS = 30_000
MOST_OTHERS = 1000  # rehearsals, or interviews
# Lists, objects and values, counted before JSON is read: `[],` takes three bytes and becomes 64.
MOST_VALUES = 1_000_000
# A pack may have lost some questions since, but not thousands.
MOST_UNKNOWN_QUESTIONS = 500
ANSWER_LENGTH = 10_000
LONGEST, MOST_NAMED = 20, 5  # how much of what is wrong with a file is said again

Model = TypeVar("Model", bound=BaseModel)
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Time = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
]
Answer = TypeVar("Answer")
Finite = Annotated[float, Field(allow_inf_nan=False)]


def _bounded(value: Answer) -> Answer:
    if len(json.dumps(value)) > ANSWER_LENGTH:
        raise ValueError(f"it has more than {ANSWER_LENGTH} characters")
    return value


class NoExport(QuizError):
    """A file that cannot be imported; says where and how to mend it."""


class Row(BaseModel):
    """An attempt as the export writes it. Its id, and whether it counted, were its old place's."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    token: Name
    pack: Name
    question: Name
    kind: Name
    answer: Annotated[JsonValue, AfterValidator(_bounded)] = None
    score: float | None = Field(None, ge=0, le=1)
    revealed: bool = False
    run: Name | None = None
    at: Time
    confidence: Literal["guess", "think", "certain"] | None = None
    hinted: bool = False
    correction: Correction | None = None
    drawn: dict[Name, Finite] | None = Field(None, max_length=100)


class Aloud(BaseModel):
    """A rehearsal as the export writes it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    pack: Name
    topic: Name
    mark: Mark
    at: Time


class Answered(BaseModel):
    """What was sent at a place of a mock interview."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    place: int = Field(ge=1, le=1000)
    form: Annotated[tuple[tuple[str, str], ...], AfterValidator(_bounded)]
    because: str = Field("", max_length=ANSWER_LENGTH)
    confidence: Name | None = None
    at: Time


class Held(BaseModel):
    """A mock interview that has ended, as the export writes it; what was answered is in it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    token: Name
    items: tuple[tuple[Name, Literal["question", "aloud"], Name], ...] = Field(max_length=1000)
    begun: Time
    seconds: int | None = Field(None, ge=1, le=10**6)
    extended: int = Field(0, ge=0, le=10**9)
    ended: Time
    answers: tuple[Answered, ...] = Field((), max_length=1000)

    @field_validator("answers")
    @classmethod
    def _once(cls, answers: tuple[Answered, ...]) -> tuple[Answered, ...]:
        if len({one.place for one in answers}) < len(answers):
            raise ValueError("two of them have one place")
        return answers


# The ids of each pack's questions.
Packs = Mapping[str, Collection[str]]
Interviews = Sequence[tuple[MockInterview, Sequence[MockAnswer]]]


@dataclass(frozen=True, slots=True)
class History:
    attempts: list[Attempt]
    rehearsals: list[Rehearsal]
    interviews: Interviews


def as_json(
    attempts: Iterable[Attempt],
    rehearsals: Sequence[Rehearsal] = (),
    interviews: Interviews = (),
) -> Iterator[str]:
    """Piece by piece: there may be a hundred thousand."""
    yield f'{{"version": {VERSION}, "attempts": ['
    for place, attempt in enumerate(attempts):
        yield (",\n" if place else "\n") + json.dumps(_row(attempt), ensure_ascii=False)
    aloud = [_aloud(rehearsal) for rehearsal in rehearsals]
    yield f'\n], "rehearsals": {json.dumps(aloud, ensure_ascii=False)}'
    held = [_held(*interview).model_dump(mode="json") for interview in interviews]
    yield f', "interviews": {json.dumps(held, ensure_ascii=False)}}}\n'


def as_csv(attempts: Iterable[Attempt]) -> Iterator[str]:
    yield _line(NAMES)
    for attempt in attempts:
        drawn = attempt.drawn and json.dumps(attempt.drawn)
        row = _row(attempt) | {
            "answer": json.dumps(attempt.answer, ensure_ascii=False),
            "drawn": drawn,
        }
        yield _line([guarded(row[name]) for name in NAMES])


def _row(attempt: Attempt) -> dict[str, Any]:
    return {name: getattr(attempt, name) for name in NAMES} | {"at": attempt.at.isoformat()}


def _aloud(rehearsal: Rehearsal) -> dict[str, str]:
    at = rehearsal.at.isoformat()
    return {"pack": rehearsal.pack, "topic": rehearsal.topic, "mark": rehearsal.mark, "at": at}


def _held(interview: MockInterview, answers: Sequence[MockAnswer]) -> Held:
    items = tuple((item.pack, item.kind, item.name) for item in interview.items)
    given = tuple(Answered(**asdict(answer)) for answer in answers)
    return Held(**asdict(interview) | {"items": items, "answers": given})


def _interview(row: Held, learner: str) -> tuple[MockInterview, list[MockAnswer]]:
    values = dict(row) | {"items": tuple(Item(*item) for item in row.items)}
    del values["answers"]
    interview = MockInterview(id=new_id(), learner=learner, **values)
    return interview, [MockAnswer(**dict(answer)) for answer in row.answers]


def _line(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def read(body: bytes, learner: str, packs: Packs) -> History:
    """What an export says, all or none. Raises NoExport."""
    _refuse_many_values(body)
    try:
        given = _parsed(body)
        rows = given["attempts"]
        aloud, held = (given.get(name, []) for name in ("rehearsals", "interviews"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        rows = aloud = held = None
    if not all(isinstance(some, list) for some in (rows, aloud, held)):
        reason = 'This file is no export: it is no JSON with a list of "attempts".'
        raise NoExport(f"{reason} Choose the file that the export as JSON gave.")
    _refuse_many_rows(rows, aloud, held)
    attempts = [_known(Row, row, f"Attempt {place}") for place, row in enumerate(rows, 1)]
    said = [_known(Aloud, row, f"Rehearsal {place}") for place, row in enumerate(aloud, 1)]
    interviews = [_known(Held, row, f"Interview {place}") for place, row in enumerate(held, 1)]
    _refuse_unknown(attempts, said, interviews, packs)
    return History(
        [Attempt(id=new_id(), learner=learner, **row.model_dump()) for row in attempts],
        [Rehearsal(learner=learner, **row.model_dump()) for row in said],
        [_interview(row, learner) for row in interviews],
    )


def _refuse_many_values(body: bytes) -> None:
    if sum(body.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES:
        raise _unfit(f"it has more than {MOST_VALUES:,} values")


def _refuse_many_rows(rows: list[Any], aloud: list[Any], held: list[Any]) -> None:
    others = (("rehearsals", aloud, MOST_OTHERS), ("interviews", held, MOST_OTHERS))
    for name, some, most in (("answers", rows, MOST_ATTEMPTS), *others):
        if len(some) > most:
            raise _unfit(f"it has {len(some):,} {name}, and {most:,} can be imported at once")


def _refuse_unknown(
    attempts: Sequence[Row], said: Sequence[Aloud], held: Sequence[Held], packs: Packs
) -> None:
    """Answers that no page could show would only make every page of this learner slow."""
    named = {row.pack for row in attempts} | {row.pack for row in said}
    named |= {pack for row in held for pack, *_ in row.items}
    if unknown := sorted(named - packs.keys()):
        listed = ", ".join(map(_short, unknown[:MOST_NAMED]))
        raise NoExport(
            f"This file has answers to packs that this server does not have: {listed}."
            " Nothing was imported. Add these packs with QUIZ_PACKS, or import the file elsewhere."
        )
    gone = {(row.pack, row.question) for row in attempts if row.question not in packs[row.pack]}
    if len(gone) > MOST_UNKNOWN_QUESTIONS:
        raise _unfit(f"it answers {len(gone):,} questions that its packs do not have")


def _parsed(body: bytes) -> Any:
    """Only what can be written again: JSON's own reader takes more."""
    try:
        # Bytes that JSON's reader decodes itself may hold half a character.
        text = body.decode(json.detect_encoding(body))
    except UnicodeDecodeError as error:
        raise _unfit(f"its byte {error.start + 1} is no text in {error.encoding}") from None
    given = json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_finite)
    if "\\u" in text:
        try:
            json.dumps(given, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise _unfit("it has half a character, which no text may have") from None
    version = given.get("version", VERSION)
    if version != VERSION:
        said = _short(repr(version))
        raise _unfit(f"it is of version {said}, and this app reads version {VERSION}")
    return given


def _unfit(why: str) -> NoExport:
    return NoExport(f"This file cannot be read: {why}. Nothing was imported.")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _unfit(f"{_short(text)} is no number that can be kept")
    return value


def _whole(text: str) -> int:
    _finite(text)
    return int(text)


def _known(model: type[Model], row: object, name: str) -> Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "it"
        reason = f"{name} of the file cannot be read: {field}: {first['msg']}."
        raise NoExport(f"{reason} Nothing was imported.") from None
