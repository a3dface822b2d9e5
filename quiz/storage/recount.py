"""Recount: standings and daily activity from all of a learner's attempts.

Needed where attempts come in or go that are not the newest: imports, undo, disputes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing
from quiz.storage import activity, standings
from quiz.storage.database import Database
from quiz.storage.tables import attempt, dispute

# An import recounts this often outside of a transaction, if the learner answers in the meantime.
TRIES = 3

_IN_TIME = (
    select(attempt)
    .where(attempt.c.learner == bindparam("learner"))
    .order_by(attempt.c.at, attempt.c.id)
)
_VERSION = select(func.count(), func.max(attempt.c.id), func.count(attempt.c.correction)).where(
    attempt.c.learner == bindparam("learner")
)
_VOID = select(dispute.c.attempt).join(attempt).where(attempt.c.learner == bindparam("learner"))
_MARK = update(attempt).where(attempt.c.id == bindparam("of")).values(counted=bindparam("counts"))


async def count_imported(database: Database, learner: str) -> None:
    """Other writers go on while it counts, unless the learner answers all the time."""
    for _ in range(TRIES):
        found = await database.read(recount, learner)
        if await database.write(put_if_current, learner, found):
            return
    await database.write(count_anew, learner)


class Version(NamedTuple):
    """Another one after any change to a learner's attempts."""

    attempts: tuple[Any, ...]
    disputed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Recount:
    """What all of a learner's attempts come to, and of which version of them."""

    version: Version
    standings: list[Standing]
    days: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    """Attempts whose `counted` has changed."""


def count_anew(connection: Connection, learner: str) -> None:
    """From all of a learner's attempts, because imported ones may be older than stored ones."""
    _put(connection, learner, recount(connection, learner))


def recount(connection: Connection, learner: str) -> Recount:
    """Only reads. Takes seconds for hundreds of thousands of attempts."""
    version = _version(connection, learner)
    rows = connection.execute(_IN_TIME, {"learner": learner})
    attempts = [Attempt(**row._mapping) for row in rows]
    found, counted = scoring.replay(attempts, version.disputed)
    marks = [
        {"of": one.id, "counts": counted[one.id]}
        for one in attempts
        if one.counted != counted[one.id]
    ]
    return Recount(version, found, activity.summed(attempts, counted), marks)


def put_if_current(connection: Connection, learner: str, of: Recount) -> bool:
    """Store it; False, without effect, if the learner's attempts have changed since."""
    if _version(connection, learner) != of.version:
        return False
    _put(connection, learner, of)
    return True


def _version(connection: Connection, learner: str) -> Version:
    attempts = connection.execute(_VERSION, {"learner": learner}).one()
    disputed = connection.execute(_VOID, {"learner": learner}).scalars()
    return Version(tuple(attempts), frozenset(disputed))


def _put(connection: Connection, learner: str, of: Recount) -> None:
    moved = {
        row.counted_attempt: row.due
        for row in connection.execute(standings.ALL, {"learner": learner})
    }
    rows = [
        {"learner": learner, "pack": one.pack, "question": one.question}
        | standings.values_of(_as_moved(one, moved.get(one.counted.attempt)))
        for one in of.standings
    ]
    activity.replace_all(connection, learner, of.days)
    standings.erase(connection, learner)
    if rows:
        connection.execute(standings.ADD, rows)
    if of.marks:
        connection.execute(_MARK, of.marks)


def _as_moved(of: Standing, due: datetime | None) -> Standing:
    """A spread backlog stays spread as long as nothing else was answered."""
    if of.memory is None or due is None or due <= of.memory.due:
        return of
    return replace(of, memory=replace(of.memory, due=due))
