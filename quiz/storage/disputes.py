"""Disputes: two runs that contradict a question's answer key. The attempt's miss does not count."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from quiz.storage import recount, runs
from quiz.storage.database import Database
from quiz.storage.tables import attempt, dispute


@dataclass(frozen=True, slots=True)
class Dispute:
    """Ids: of the attempt, and of the two runs that contradict its question's key."""

    attempt: str
    first_run: str
    second_run: str


_OF_ATTEMPT: Select[Any] = select(dispute).where(dispute.c.attempt == bindparam("attempt"))
_OF_LEARNER = select(dispute).join(attempt).where(attempt.c.learner == bindparam("learner"))
_LEARNER = select(attempt.c.learner).where(attempt.c.id == bindparam("attempt"))


class Disputes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Dispute) -> None:
        """A miss no longer counts, and both runs are kept. An attempt's first dispute stays."""
        await self._database.write(_add, new)

    async def of_attempt(self, attempt_id: str) -> Dispute | None:
        return await self._database.read(of_attempt, attempt_id)


def of_attempt(connection: Connection, attempt_id: str) -> Dispute | None:
    row = connection.execute(_OF_ATTEMPT, {"attempt": attempt_id}).one_or_none()
    return Dispute(**row._mapping) if row else None


def of_learner(connection: Connection, learner: str) -> Sequence[Dispute]:
    rows = connection.execute(_OF_LEARNER, {"learner": learner})
    return [Dispute(**row._mapping) for row in rows]


def forget(connection: Connection, attempt_id: str) -> None:
    connection.execute(delete(dispute).where(dispute.c.attempt == attempt_id))


def erase(connection: Connection, learner: str) -> None:
    own = select(attempt.c.id).where(attempt.c.learner == learner)
    connection.execute(delete(dispute).where(dispute.c.attempt.in_(own)))


def _add(connection: Connection, new: Dispute) -> None:
    learner = connection.execute(_LEARNER, {"attempt": new.attempt}).scalar()
    if learner is None:
        return  # the learner has erased everything in the meantime
    if of_attempt(connection, new.attempt) is None:
        connection.execute(insert(dispute), asdict(new))
    recount.count_anew(connection, learner)
    runs.keep(connection, {new.first_run, new.second_run})
