"""A round: a question on a room's wall, the answers given since then, and the room's one run.

Its SQL stands here, over a connection that storage hands in; what an answer means it knows not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, null, select, update

from quiz.storage.tables import attempt, round

# A wall counts a room, not a town.
MOST = 1000

LATEST = select(round).order_by(round.c.began.desc()).limit(1)
OF_QUESTION = select(round).where(
    round.c.pack == bindparam("pack"), round.c.question == bindparam("question")
)
ATTEMPTS = (
    select(attempt.c.learner, attempt.c.answer, attempt.c.revealed)
    .where(
        attempt.c.pack == bindparam("pack"),
        attempt.c.question == bindparam("question"),
        attempt.c.at >= bindparam("began"),
        # What a review asked with other numbers is not what stands on the wall.
        attempt.c.drawn.is_(null()),
    )
    .order_by(attempt.c.at, attempt.c.id)
    .limit(MOST)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    pack: str
    question: str
    began: datetime
    shown: bool = False
    """Whether the counts may be seen."""
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Turnout:
    """Of each learner what they sent first in a round; who had it shown gave no answer."""

    answers: tuple[Any, ...]
    looked: int


def put(connection: Connection, new: Round) -> None:
    """In place of the question's last round."""
    same = (round.c.pack == new.pack, round.c.question == new.question)
    connection.execute(delete(round).where(*same))
    connection.execute(insert(round), asdict(new))


def change(connection: Connection, of: Round, columns: dict[str, Any]) -> None:
    """Nothing where another round has begun since."""
    same = (round.c.pack == of.pack, round.c.question == of.question, round.c.began == of.began)
    connection.execute(update(round).where(*same).values(**columns))


def turnout(rows: Sequence[Row[Any]]) -> Turnout:
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.learner, row)
    answers = tuple(row.answer for row in first.values() if not row.revealed)
    return Turnout(answers, len(first) - len(answers))
