"""Rehearsals: interview questions answered aloud, and how the learners rated it. Never a score."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, bindparam, delete, insert, select

from quiz.storage.database import Database
from quiz.storage.tables import rehearsal

Mark = Literal["said", "partly", "no"]
MARKS: tuple[Mark, ...] = get_args(Mark)

ALL = (
    select(rehearsal)
    .where(rehearsal.c.learner == bindparam("learner"))
    .order_by(rehearsal.c.pack, rehearsal.c.topic)
)
_OF_PACK = ALL.where(rehearsal.c.pack == bindparam("pack"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    learner: str
    pack: str
    topic: str
    mark: Mark
    at: datetime


class Rehearsals:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, new: Rehearsal) -> None:
        """Store it in place of the learner's last one of the same topic."""
        await self._database.write(_put, new)

    async def all(self, learner: str, pack: str | None = None) -> list[Rehearsal]:
        """The latest of each topic, of one pack or of all packs."""
        if pack is None:
            rows = await self._database.all(ALL, learner=learner)
        else:
            rows = await self._database.all(_OF_PACK, learner=learner, pack=pack)
        return [Rehearsal(**row._mapping) for row in rows]


def merge(connection: Connection, learner: str, rows: Sequence[Rehearsal]) -> int:
    """Keep the newest of each topic, stored or imported; how many topics changed."""
    here = connection.execute(ALL, {"learner": learner}).all()
    known = {(row.pack, row.topic): row.at for row in here}
    newest = {(row.pack, row.topic): row for row in sorted(rows, key=lambda row: row.at)}
    new = [row for key, row in newest.items() if key not in known or known[key] < row.at]
    for row in new:
        _put(connection, replace(row, learner=learner))
    return len(new)


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(rehearsal).where(rehearsal.c.learner == learner))


def _put(connection: Connection, new: Rehearsal) -> None:
    same = (rehearsal.c.learner == new.learner, rehearsal.c.pack == new.pack)
    connection.execute(delete(rehearsal).where(*same, rehearsal.c.topic == new.topic))
    connection.execute(insert(rehearsal), asdict(new))
