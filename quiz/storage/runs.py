"""Runs as the database keeps them: a row each, and their records, which make room for newer ones.

Knows nothing of learners' marks; a run that an attempt shows is kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from quiz.storage.tables import attempt, dispute, record, run

MOST_AT_ONCE = 1000

ONE = select(run, record.c.body).outerjoin(record).where(run.c.id == bindparam("id"))
# A run is stored as queued until its end.
UNFINISHED = select(run).where(run.c.status == "queued").order_by(run.c.created)
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


def change(connection: Connection, id: str, columns: Mapping[str, Any], body: bytes | None) -> bool:
    """Whether there is such a row; `body` is the packed record of a run that ended."""
    known = update(run).where(run.c.id == id).values(**columns) if columns else None
    if known is not None and not connection.execute(known).rowcount:
        return False
    if body is not None:
        connection.execute(delete(record).where(record.c.run == id))
        connection.execute(insert(record), {"run": id, "body": body})
    return True


def evict(connection: Connection, most: int) -> int:
    """Drop the oldest records beyond so many; how many that were."""
    ids = connection.execute(_EVICTABLE, {"most": most}).scalars().all()
    if ids:
        connection.execute(delete(record).where(record.c.run.in_(ids)))
        connection.execute(update(run).where(run.c.id.in_(ids)).values(evicted=True))
    return len(ids)


def keep(connection: Connection, runs: Iterable[str | None]) -> None:
    """Note of each whether an attempt or a dispute still shows it."""
    if each := [{"of": id} for id in runs if id]:
        connection.execute(_KEEP, each)
