"""A learner's attempts as the file that takes them elsewhere, and that file read again."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from quiz.attempt import Attempt, new_id
from quiz.discovery import QuizError

VERSION = 1
# The learner is left out: it says who, and to another cookie it would mean somebody else.
NAMES = ("id", "token", "pack", "question", "kind", "answer", "score", "revealed", "run", "at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class NoExport(QuizError):
    """A file that cannot be imported; says where and how to mend it."""


class Row(BaseModel):
    """An attempt as the export writes it. Its id was one of its old place."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    token: Name
    pack: Name
    question: Name
    kind: Name
    answer: JsonValue = None
    score: float | None = Field(None, ge=0, le=1)
    revealed: bool = False
    run: Name | None = None
    at: AwareDatetime = Field(
        ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)
    )


def as_json(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Piece by piece: there may be a hundred thousand."""
    yield f'{{"version": {VERSION}, "attempts": ['
    for place, attempt in enumerate(attempts):
        yield (",\n" if place else "\n") + json.dumps(_row(attempt), ensure_ascii=False)
    yield "\n]}\n"


def as_csv(attempts: Iterable[Attempt]) -> Iterator[str]:
    yield _line(NAMES)
    for attempt in attempts:
        row = _row(attempt) | {"answer": json.dumps(attempt.answer, ensure_ascii=False)}
        yield _line([_harmless(row[name]) for name in NAMES])


def _row(attempt: Attempt) -> dict[str, Any]:
    return {name: getattr(attempt, name) for name in NAMES} | {"at": attempt.at.isoformat()}


def _line(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _harmless(value: Any) -> Any:
    """A spreadsheet would take what begins like this for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def read(body: bytes, learner: str) -> list[Attempt]:
    """The attempts of an export, all or none. Raises NoExport."""
    try:
        rows = json.loads(body)["attempts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        reason = 'This file is no export: it is no JSON with a list of "attempts".'
        raise NoExport(f"{reason} Choose the file that the export as JSON gave.")
    return [_attempt(row, place, learner) for place, row in enumerate(rows, 1)]


def _attempt(row: object, place: int, learner: str) -> Attempt:
    try:
        known = Row.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "it"
        reason = f"Attempt {place} of the file cannot be read: {field}: {first['msg']}."
        raise NoExport(f"{reason} Nothing was imported.") from None
    return Attempt(id=new_id(), learner=learner, **known.model_dump())
