"""The classroom: polls on the projector, and what a class answered first. No learner is named."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, null, select, update

from quiz.storage.database import Database
from quiz.storage.tables import attempt, round, standing

# Answers of one poll that are counted at most.
MOST = 1000
# From this number of learners on: a figure about fewer would tell something of one of them.
FEWEST = 5

_LATEST = select(round).order_by(round.c.began.desc()).limit(1)
_OF_QUESTION = select(round).where(
    round.c.pack == bindparam("pack"), round.c.question == bindparam("question")
)
ATTEMPTS = (
    select(attempt.c.learner, attempt.c.answer, attempt.c.revealed)
    .where(
        attempt.c.pack == bindparam("pack"),
        attempt.c.question == bindparam("question"),
        attempt.c.at >= bindparam("began"),
        # A review may ask with other numbers than the projector shows.
        attempt.c.drawn.is_(null()),
    )
    .order_by(attempt.c.at, attempt.c.id)
    .limit(MOST)
)
_FIRST_ANSWERS = (
    select(standing.c.pack, standing.c.question, attempt.c.answer, attempt.c.score)
    .join(attempt, attempt.c.id == standing.c.first_attempt)
    # An imported attempt may have been asked with other numbers.
    .where(standing.c.first_revealed.is_(False), attempt.c.drawn.is_(null()))
    .order_by(standing.c.pack, standing.c.question)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question on the projector."""

    pack: str
    question: str
    began: datetime
    """Only attempts from then on count."""
    shown: bool = False
    """Whether the counts may be seen."""
    run: str | None = None
    """The id of the classroom's one run."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """What each learner sent first in a poll."""

    answers: tuple[Any, ...]
    looked: int
    """Learners who had the answer shown instead."""


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Each learner's first answer to one question, and the share of right ones, 0 to 1."""

    pack: str
    question: str
    answers: tuple[Any, ...]
    rate: float


class Classroom:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_poll(self, new: Poll) -> None:
        """In place of the question's last poll."""
        await self._database.write(_begin, new)

    async def change_poll(self, of: Poll, **columns: Any) -> None:
        """Without effect if another poll of the question has begun since."""
        await self._database.write(_change, of, columns)

    async def poll(self, pack: str, question: str) -> Poll | None:
        row = await self._database.first(_OF_QUESTION, pack=pack, question=question)
        return Poll(**row._mapping) if row else None

    async def latest_poll(self) -> Poll | None:
        """The poll that the classroom looks at."""
        row = await self._database.first(_LATEST)
        return Poll(**row._mapping) if row else None

    async def turnout(self, of: Poll) -> Turnout:
        return _turnout(
            await self._database.all(ATTEMPTS, pack=of.pack, question=of.question, began=of.began)
        )

    async def first_answers(self) -> list[FirstAnswers]:
        """Of all learners, to the questions that enough of them have answered."""
        return _grouped(await self._database.all(_FIRST_ANSWERS))


def _begin(connection: Connection, new: Poll) -> None:
    same = (round.c.pack == new.pack, round.c.question == new.question)
    connection.execute(delete(round).where(*same))
    connection.execute(insert(round), asdict(new))


def _change(connection: Connection, of: Poll, columns: dict[str, Any]) -> None:
    same = (round.c.pack == of.pack, round.c.question == of.question, round.c.began == of.began)
    connection.execute(update(round).where(*same).values(**columns))


def _turnout(rows: Sequence[Row[Any]]) -> Turnout:
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.learner, row)
    answers = tuple(row.answer for row in first.values() if not row.revealed)
    return Turnout(answers, len(first) - len(answers))


def _grouped(rows: Sequence[Row[Any]]) -> list[FirstAnswers]:
    by_question: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        by_question.setdefault((row.pack, row.question), []).append(row)
    return [
        FirstAnswers(
            pack,
            question,
            tuple(row.answer for row in some),
            sum(row.score == 1 for row in some) / len(some),
        )
        for (pack, question), some in by_question.items()
        if len(some) >= FEWEST
    ]
