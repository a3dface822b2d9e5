"""A learner's history as the file to download: JSON for another server, CSV for a spreadsheet."""

import csv
import io
import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from quiz.exchange.columns import guarded
from quiz.learning.attempt import Attempt
from quiz.storage.mock_interviews import MockAnswer, MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.web.features.progress.history_format import VERSION, MockAnswerRow, MockInterviewRow

# The learner's hash is left out: the file may be imported by another learner.
NAMES = (
    *("id", "token", "pack", "question", "kind", "answer", "score", "revealed", "run", "at"),
    *("counted", "confidence", "hinted", "correction", "drawn"),
)

# Attempts in batches: a learner may have a hundred thousand.
Batches = AsyncIterable[Sequence[Attempt]]
Interviews = Sequence[tuple[MockInterview, Sequence[MockAnswer]]]


async def as_json(
    batches: Batches, rehearsals: Sequence[Rehearsal], interviews: Interviews
) -> AsyncIterator[str]:
    """The file in pieces, one per batch of attempts, then the rest."""
    before = opening = f'{{"version": {VERSION}, "attempts": ['
    async for batch in batches:
        yield f"{before}\n" + ",\n".join(_json(_row(attempt)) for attempt in batch)
        before = ","
    yield opening if before == opening else ""
    yield f'\n], "rehearsals": {_json([_rehearsal(one) for one in rehearsals])}'
    yield f', "interviews": {_json([_interview(*one) for one in interviews])}}}\n'


async def as_csv(batches: Batches) -> AsyncIterator[str]:
    before = _line(NAMES)
    async for batch in batches:
        yield before + "".join(map(_csv, batch))
        before = ""
    yield before


def _csv(attempt: Attempt) -> str:
    row = _row(attempt) | {
        "answer": _json(attempt.answer),
        "drawn": attempt.drawn and json.dumps(attempt.drawn),
    }
    return _line([guarded(row[name]) for name in NAMES])


def _line(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(attempt: Attempt) -> dict[str, Any]:
    return {name: getattr(attempt, name) for name in NAMES} | {"at": attempt.at.isoformat()}


def _rehearsal(rehearsal: Rehearsal) -> dict[str, str]:
    at = rehearsal.at.isoformat()
    return {"pack": rehearsal.pack, "topic": rehearsal.topic, "mark": rehearsal.mark, "at": at}


def _interview(interview: MockInterview, answers: Sequence[MockAnswer]) -> dict[str, Any]:
    items = tuple((item.pack, item.kind, item.name) for item in interview.items)
    rows = tuple(MockAnswerRow(**asdict(answer)) for answer in answers)
    row = MockInterviewRow(**asdict(interview) | {"items": items, "answers": rows})
    return row.model_dump(mode="json")
