"""Runs: a row each, and a finished run's record, which makes room for newer ones.

A run that an attempt or a dispute shows keeps its record.
"""

import asyncio
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from quiz.storage.database import Database
from quiz.storage.errors import StorageError
from quiz.storage.tables import attempt, dispute, record, run

MOST_AT_ONCE = 1000

_ONE = select(run, record.c.body).outerjoin(record).where(run.c.id == bindparam("id"))
# A run is stored as queued until its end.
_UNFINISHED = select(run).where(run.c.status == "queued").order_by(run.c.created)
_EVICTABLE = (
    select(run.c.id)
    .where(run.c.evicted.is_(False), run.c.kept.is_(False), run.c.ended.is_not(None))
    .order_by(run.c.ended.desc())
    .limit(MOST_AT_ONCE)
    .offset(bindparam("most"))
)
_KEEP = (
    update(run)
    .where(run.c.id == bindparam("of"))
    .values(
        kept=or_(
            exists().where(attempt.c.run == run.c.id),
            exists().where(dispute.c.first_run == run.c.id),
            exists().where(dispute.c.second_run == run.c.id),
        )
    )
)


class StoredRuns:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: Mapping[str, Any]) -> None:
        await self._database.write(_add, row)

    async def update(self, id: str, **columns: Any) -> None:
        """Set columns of its row; `record` is the text of the finished run."""
        text = columns.pop("record", None)
        body = await asyncio.to_thread(zlib.compress, text.encode()) if text else None
        if not await self._database.write(_update, id, columns, body):
            raise StorageError(f"There is no run {id!r} to update.")

    async def get(self, id: str) -> Mapping[str, Any] | None:
        """Its row and its `record`, which is None before its end, and again when `evicted`."""
        found = await self._database.first(_ONE, id=id)
        if found is None:
            return None
        row = dict(found._mapping)
        body = row.pop("body")
        text = (await asyncio.to_thread(zlib.decompress, body)).decode() if body else None
        return row | {"record": text}

    async def unfinished(self) -> list[Mapping[str, Any]]:
        """The rows of runs without an end, oldest first."""
        return [dict(row._mapping) for row in await self._database.all(_UNFINISHED)]

    async def evict(self, keep: int) -> int:
        """Delete the oldest finished records beyond `keep`; how many. Shown runs keep theirs."""
        return await self._database.write(_evict, keep)


def keep(connection: Connection, runs: Iterable[str | None]) -> None:
    """Update for each run whether an attempt or a dispute shows it."""
    if each := [{"of": id} for id in runs if id]:
        connection.execute(_KEEP, each)


def forget(connection: Connection, learner: str) -> None:
    """The learner's runs are anonymous from now on."""
    connection.execute(update(run).where(run.c.learner == learner).values(learner=None, slot=""))


def _add(connection: Connection, row: Mapping[str, Any]) -> None:
    connection.execute(insert(run), dict(row))


def _update(
    connection: Connection, id: str, columns: Mapping[str, Any], body: bytes | None
) -> bool:
    known = update(run).where(run.c.id == id).values(**columns) if columns else None
    if known is not None and not connection.execute(known).rowcount:
        return False
    if body is not None:
        connection.execute(delete(record).where(record.c.run == id))
        connection.execute(insert(record), {"run": id, "body": body})
    return True


def _evict(connection: Connection, most: int) -> int:
    ids = connection.execute(_EVICTABLE, {"most": most}).scalars().all()
    if ids:
        connection.execute(delete(record).where(record.c.run.in_(ids)))
        connection.execute(update(run).where(run.c.id.in_(ids)).values(evicted=True))
    return len(ids)
