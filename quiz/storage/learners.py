"""Everything of one learner: imported, erased, known."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from quiz.learning.attempt import Attempt
from quiz.storage import (
    activity,
    attempts,
    disputes,
    mock_interviews,
    recount,
    rehearsals,
    runs,
    standings,
)
from quiz.storage.database import Database
from quiz.storage.mock_interviews import MockAnswer, MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.storage.tables import attempt, mock_interview, rehearsal

# Attempts per transaction of an import: other writers get in between.
PORTION = 500


class Imported(NamedTuple):
    """How many of each an import added, and how many of all were known already."""

    answers: int = 0
    rehearsals: int = 0
    interviews: int = 0
    known: int = 0


class Learners:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring(
        self,
        learner: str,
        rows: Sequence[Attempt],
        rehearsals: Sequence[Rehearsal] = (),
        interviews: Sequence[tuple[MockInterview, Sequence[MockAnswer]]] = (),
    ) -> Imported:
        """Import records of the learner, in several transactions.

        Attempts and interviews are known by their token. If an import breaks off, another import
        of the same file completes it.
        """
        said, held = await self._database.write(_merge, learner, rehearsals, interviews)
        added, known = 0, len(rehearsals) - said + len(interviews) - held
        for start in range(0, len(rows), PORTION):
            insert = attempts.insert_further if start else attempts.insert_new
            counts = await self._database.write(insert, learner, rows[start : start + PORTION])
            added, known = added + counts[0], known + counts[1]
        if rows:
            await recount.count_imported(self._database, learner)
        return Imported(added, said, held, known)

    async def erase(self, learner: str) -> int:
        """Delete everything of the learner; how many attempts that were."""
        return await self._database.write(_erase, learner)

    async def knows(self, learner: str) -> bool:
        """Whether attempts, rehearsals or interviews of the learner are stored."""
        return await self._database.read(_knows, learner)


def _merge(
    connection: Connection,
    learner: str,
    said: Sequence[Rehearsal],
    held: Sequence[tuple[MockInterview, Sequence[MockAnswer]]],
) -> tuple[int, int]:
    changed = rehearsals.merge(connection, learner, said)
    return changed, mock_interviews.merge(connection, learner, held)


def _erase(connection: Connection, learner: str) -> int:
    shown = select(attempt.c.run).where(attempt.c.learner == learner, attempt.c.run.is_not(None))
    shown_runs = set(connection.execute(shown.distinct()).scalars())
    for one in disputes.of_learner(connection, learner):
        shown_runs |= {one.first_run, one.second_run}
    disputes.erase(connection, learner)
    gone = connection.execute(delete(attempt).where(attempt.c.learner == learner)).rowcount
    for noun in (standings, activity, rehearsals, mock_interviews):
        noun.erase(connection, learner)
    runs.forget(connection, learner)
    runs.keep(connection, shown_runs)
    return gone


def _knows(connection: Connection, learner: str) -> bool:
    tables = (attempt, rehearsal, mock_interview)
    own = (select(table.c.learner).where(table.c.learner == learner).limit(1) for table in tables)
    return any(connection.execute(one).first() for one in own)
