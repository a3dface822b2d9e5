"""A learner's history read from an export file: everything or nothing."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt, new_id
from quiz.storage.mock_interviews import Item, MockAnswer, MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.web.features.progress.history_format import (
    VERSION,
    AttemptRow,
    MockInterviewRow,
    RehearsalRow,
)

# Bounds of one file.
MOST_ATTEMPTS = 30_000
MOST_REHEARSALS = MOST_INTERVIEWS = 1000
# Lists, objects and values, counted before JSON is parsed: `[],` has 3 bytes and takes 64.
MOST_VALUES = 1_000_000
# A pack may have lost some questions since the export, but not thousands.
MOST_UNKNOWN_QUESTIONS = 500
# Bounds of what an error repeats of the file: characters of a name, and names.
SHOWN_LENGTH, SHOWN_NAMES = 20, 5

Model = TypeVar("Model", bound=BaseModel)
# Pack slugs to the ids of the pack's questions.
Packs = Mapping[str, Collection[str]]


class ImportFileError(QuizError):
    """The file cannot be imported. The message says where it is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class History:
    attempts: list[Attempt]
    rehearsals: list[Rehearsal]
    interviews: list[tuple[MockInterview, list[MockAnswer]]]


def read(body: bytes, learner: str, packs: Packs) -> History:
    """The file as the learner's history. Raises ImportFileError."""
    _refuse_many_values(body)
    lists = _lists(body)
    _refuse_many_rows(lists)
    attempts = _validated(AttemptRow, lists.attempts, "Attempt")
    rehearsals = _validated(RehearsalRow, lists.rehearsals, "Rehearsal")
    interviews = _validated(MockInterviewRow, lists.interviews, "Interview")
    _refuse_unknown_packs(attempts, rehearsals, interviews, packs)
    _refuse_unknown_questions(attempts, packs)
    return History(
        [Attempt(id=new_id(), learner=learner, **row.model_dump()) for row in attempts],
        [Rehearsal(learner=learner, **row.model_dump()) for row in rehearsals],
        [_interview(row, learner) for row in interviews],
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of a file as parsed; an older export has attempts only."""

    attempts: list[Any]
    rehearsals: list[Any]
    interviews: list[Any]


def _lists(body: bytes) -> _Lists:
    try:
        given = _parsed(body)
        rows = (given["attempts"], *(given.get(name, []) for name in ("rehearsals", "interviews")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _not_an_export() from None
    if not all(isinstance(some, list) for some in rows):
        raise _not_an_export()
    return _Lists(*rows)


def _parsed(body: bytes) -> Any:
    """The parsed JSON. Python's parser accepts values that JSON cannot hold; this one does not."""
    try:
        # json.loads decodes bytes with "surrogatepass" and would accept half a character.
        text = body.decode(json.detect_encoding(body))
    except UnicodeDecodeError as error:
        raise _unfit(f"its byte {error.start + 1} is no text in {error.encoding}") from None
    given = json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_finite)
    if "\\u" in text:
        _refuse_half_characters(given)
    version = given.get("version", VERSION)
    if version != VERSION:
        said = _short(repr(version))
        raise _unfit(f"it is of version {said}, and this app reads version {VERSION}")
    return given


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _unfit(f"{_short(text)} is no number that can be kept")
    return value


def _whole(text: str) -> int:
    _finite(text)
    return int(text)


def _refuse_half_characters(given: Any) -> None:
    """An escape such as `\\ud800` is half a surrogate pair, which no database stores."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _unfit("it has half a character, which no text may have") from None


def _validated(model: type[Model], rows: Sequence[object], noun: str) -> list[Model]:
    return [_row(model, row, f"{noun} {place}") for place, row in enumerate(rows, 1)]


def _row(model: type[Model], row: object, name: str) -> Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "it"
        reason = f"{name} of the file cannot be read: {field}: {first['msg']}."
        raise ImportFileError(f"{reason} Nothing was imported.") from None


def _interview(row: MockInterviewRow, learner: str) -> tuple[MockInterview, list[MockAnswer]]:
    values = dict(row) | {"items": tuple(Item(*item) for item in row.items)}
    answers = [MockAnswer(**dict(answer)) for answer in values.pop("answers")]
    return MockInterview(id=new_id(), learner=learner, **values), answers


# Refusals.


def _refuse_many_values(body: bytes) -> None:
    if sum(body.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES:
        raise _unfit(f"it has more than {MOST_VALUES:,} values")


def _refuse_many_rows(lists: _Lists) -> None:
    bounds = (
        ("answers", lists.attempts, MOST_ATTEMPTS),
        ("rehearsals", lists.rehearsals, MOST_REHEARSALS),
        ("interviews", lists.interviews, MOST_INTERVIEWS),
    )
    for name, some, most in bounds:
        if len(some) > most:
            raise _unfit(f"it has {len(some):,} {name}, and {most:,} can be imported at once")


def _refuse_unknown_packs(
    attempts: Sequence[AttemptRow],
    rehearsals: Sequence[RehearsalRow],
    interviews: Sequence[MockInterviewRow],
    packs: Packs,
) -> None:
    """No page shows answers of unknown packs, but every page would read them."""
    named = {row.pack for row in attempts} | {row.pack for row in rehearsals}
    named |= {pack for row in interviews for pack, *_ in row.items}
    if unknown := sorted(named - packs.keys()):
        listed = ", ".join(map(_short, unknown[:SHOWN_NAMES]))
        raise ImportFileError(
            f"This file has answers to packs that this server does not have: {listed}."
            " Nothing was imported. Add these packs with QUIZ_PACKS, or import the file elsewhere."
        )


def _refuse_unknown_questions(attempts: Sequence[AttemptRow], packs: Packs) -> None:
    gone = {(row.pack, row.question) for row in attempts if row.question not in packs[row.pack]}
    if len(gone) > MOST_UNKNOWN_QUESTIONS:
        raise _unfit(f"it answers {len(gone):,} questions that its packs do not have")


def _not_an_export() -> ImportFileError:
    reason = 'This file is no export: it is no JSON with a list of "attempts".'
    return ImportFileError(f"{reason} Choose the file that the export as JSON gave.")


def _unfit(why: str) -> ImportFileError:
    return ImportFileError(f"This file cannot be read: {why}. Nothing was imported.")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
