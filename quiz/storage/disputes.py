"""Where two runs came out otherwise than a key says: then the run wins, and a miss does not count.

Its SQL stands here, over a connection that storage hands in.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from quiz.storage.tables import attempt, dispute


@dataclass(frozen=True, slots=True)
class Dispute:
    """An attempt, and the two runs that contradict its question's key."""

    attempt: str
    first_run: str
    second_run: str


OF_ATTEMPT: Select[Any] = select(dispute).where(dispute.c.attempt == bindparam("attempt"))
_OF_LEARNER = select(dispute).join(attempt).where(attempt.c.learner == bindparam("learner"))


def put(connection: Connection, new: Dispute) -> None:
    """The first one stays."""
    if connection.execute(OF_ATTEMPT, {"attempt": new.attempt}).first() is None:
        values = {"attempt": new.attempt, "first_run": new.first_run, "second_run": new.second_run}
        connection.execute(insert(dispute), values)


def of_learner(connection: Connection, learner: str) -> list[Dispute]:
    rows = connection.execute(_OF_LEARNER, {"learner": learner})
    return [Dispute(**row._mapping) for row in rows]


def forget(connection: Connection, attempt_id: str) -> None:
    connection.execute(delete(dispute).where(dispute.c.attempt == attempt_id))


def erase(connection: Connection, learner: str) -> None:
    own = select(attempt.c.id).where(attempt.c.learner == learner)
    connection.execute(delete(dispute).where(dispute.c.attempt.in_(own)))
