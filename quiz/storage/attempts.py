"""Attempts: each is stored once by its token, and standings and daily activity follow.

What counts is decided by quiz.learning.scoring. This module knows no pages and no questions.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, tuple_, update

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, after_all
from quiz.learning.spaced_repetition import Correction
from quiz.storage import activity, disputes, recount, runs, standings
from quiz.storage.database import Database
from quiz.storage.tables import attempt, run

# Attempts per read of an export.
BATCH = 500
# As many values as any database takes in one statement.
MOST_VALUES = 1000
NAMES = [column.name for column in attempt.c]

# Every statement is built once: building costs more than running it.
ONE = select(attempt).where(attempt.c.id == bindparam("id"))
ALL = select(attempt).where(attempt.c.learner == bindparam("learner"))
COUNT = select(func.count()).where(attempt.c.learner == bindparam("learner"))
_BY_TOKEN = ALL.where(attempt.c.token == bindparam("token"))
_BY_IDS = select(attempt).where(attempt.c.id.in_(bindparam("ids", expanding=True)))
_BY_TOKENS = ALL.where(attempt.c.token.in_(bindparam("tokens", expanding=True)))
_WHEN = tuple_(attempt.c.at, attempt.c.id)
_POINT = tuple_(bindparam("at", type_=attempt.c.at.type), bindparam("id", type_=attempt.c.id.type))
NEWEST = ALL.order_by(attempt.c.at.desc(), attempt.c.id.desc()).limit(bindparam("most"))
_OLDEST = ALL.order_by(attempt.c.at, attempt.c.id).limit(bindparam("most"))
_NEWEST_BEFORE = NEWEST.where(_WHEN < _POINT)
_OLDEST_AFTER = _OLDEST.where(_WHEN > _POINT)
_COUNTED = ALL.where(
    *(attempt.c[name] == bindparam(name) for name in ("pack", "question")), attempt.c.counted
).order_by(attempt.c.at, attempt.c.id)
_INSERT = insert(attempt)


class Attempts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Attempt) -> Attempt:
        """The stored attempt: the first one with this token, whatever is sent later."""
        return await self._database.write(add, new)

    async def submit(self, new: Attempt) -> Attempt:
        """As add, for an attempt of now. Its time becomes later than that of all others."""
        return await self._database.write(_submit, new)

    async def link_run(self, attempt_id: str, run_id: str) -> None:
        """The attempt shows this run from now on. The run is kept as long as it does."""
        await self._database.write(_link, attempt_id, run_id)

    async def correct(self, attempt_id: str, said: Correction) -> None:
        """Move the question's next review. Without effect if a later attempt counts by now."""
        await self._database.write(_correct, attempt_id, said)

    async def undo(self, learner: str, attempt_id: str) -> bool:
        """Remove the learner's last attempt. False, without effect, for any other attempt."""
        return await self._database.write(_undo, learner, attempt_id)

    async def get(self, id: str) -> Attempt | None:
        row = await self._database.first(ONE, id=id)
        return read(row) if row else None

    async def by_id(self, ids: Sequence[str]) -> dict[str, Attempt]:
        """Those that exist, in one read."""
        rows = await self._database.all(_BY_IDS, ids=ids) if ids else ()
        return {row.id: read(row) for row in rows}

    async def by_token(self, learner: str, tokens: Sequence[str]) -> dict[str, Attempt]:
        rows = await self._database.all(_BY_TOKENS, learner=learner, tokens=tokens)
        return {row.token: read(row) for row in rows}

    async def latest(
        self, learner: str, most: int = 50, before: Attempt | None = None
    ) -> list[Attempt]:
        """Newest first. The next page is what was `before` the last one of this page."""
        if before is None:
            rows = await self._database.all(NEWEST, learner=learner, most=most)
        else:
            rows = await self._database.all(
                _NEWEST_BEFORE, learner=learner, most=most, at=before.at, id=before.id
            )
        return [read(row) for row in rows]

    async def count(self, learner: str) -> int:
        row = await self._database.first(COUNT, learner=learner)
        return int(row[0]) if row else 0

    async def batches(self, learner: str) -> AsyncIterator[list[Attempt]]:
        """All attempts, oldest first, in short reads: a long read would hold up checkpoints."""
        batch = await self._database.read(_oldest, learner, None)
        while batch:
            yield batch
            batch = await self._database.read(_oldest, learner, batch[-1])


def read(row: Row[Any]) -> Attempt:
    return Attempt(**row._mapping)


def _oldest(connection: Connection, learner: str, after: Attempt | None) -> list[Attempt]:
    key: dict[str, Any] = {"learner": learner, "most": BATCH}
    if after is None:
        rows = connection.execute(_OLDEST, key)
    else:
        rows = connection.execute(_OLDEST_AFTER, key | {"at": after.at, "id": after.id})
    return [read(row) for row in rows]


def add(connection: Connection, new: Attempt) -> Attempt:
    return _add(connection, new, standings.before(connection, new))


def _submit(connection: Connection, new: Attempt) -> Attempt:
    before = standings.before(connection, new)
    return _add(connection, replace(new, at=after_all(before.newest, new.at)), before)


def _add(connection: Connection, new: Attempt, before: standings.Before) -> Attempt:
    if before.is_known:
        key = {"learner": new.learner, "token": new.token}
        return read(connection.execute(_BY_TOKEN, key).one())
    kept = standings.take(connection, before, new)
    connection.execute(_INSERT, _values(kept))
    activity.add(connection, kept)
    runs.keep(connection, {kept.run})
    return kept


def insert_new(connection: Connection, learner: str, rows: Sequence[Attempt]) -> tuple[int, int]:
    """Insert imported attempts; how many were new and how many known by their token.

    What counts is still to be decided, see recount.count_anew.
    """
    by_token = {row.token: row for row in reversed(rows)}
    for known in _existing(connection, attempt.c.token, by_token, attempt.c.learner == learner):
        del by_token[known]
    linked = {row.run for row in by_token.values() if row.run}
    here = set(_existing(connection, run.c.id, linked))
    new = [
        _values(row) | {"learner": learner, "run": row.run if row.run in here else None}
        for row in by_token.values()
    ]
    if new:
        connection.execute(_INSERT, new)
    runs.keep(connection, here)
    return len(new), len(rows) - len(new)


def insert_further(
    connection: Connection, learner: str, rows: Sequence[Attempt]
) -> tuple[int, int]:
    """As insert_new, but nothing if the learner has erased everything in the meantime."""
    if not connection.execute(COUNT, {"learner": learner}).scalar():
        return 0, 0
    return insert_new(connection, learner, rows)


def bring(connection: Connection, learner: str, judged: Sequence[Attempt]) -> None:
    """Add attempts of the past, in their order. All are counted again only if others are newer."""
    newest = connection.execute(NEWEST, {"learner": learner, "most": 1}).one_or_none()
    if judged and newest and newest.at >= judged[0].at:
        if insert_new(connection, learner, judged)[0]:
            recount.count_anew(connection, learner)
        return
    for one in judged:
        add(connection, one)


def _values(new: Attempt) -> dict[str, Any]:
    return {name: getattr(new, name) for name in NAMES}


def _link(connection: Connection, attempt_id: str, run_id: str) -> None:
    this = attempt.c.id == attempt_id
    before = connection.execute(select(attempt.c.run).where(this)).scalar()
    connection.execute(update(attempt).where(this).values(run=run_id))
    runs.keep(connection, {before, run_id})


def _correct(connection: Connection, id: str, said: Correction) -> None:
    row = connection.execute(ONE, {"id": id}).one_or_none()
    if row is None:
        return  # undone in the meantime
    of = standings.of_question(connection, row.learner, row.pack, row.question)
    if of is None or of.counted.attempt != id:
        return
    connection.execute(update(attempt).where(attempt.c.id == id).values(correction=said))
    # From the beginning, because a corrected day is rounded and cannot be computed back.
    key = {"learner": row.learner, "pack": row.pack, "question": row.question}
    now = scoring.remembered(read(one) for one in connection.execute(_COUNTED, key))
    standings.remember(connection, row.learner, [replace(of, memory=now)])


def _undo(connection: Connection, learner: str, id: str) -> bool:
    last = connection.execute(NEWEST, {"learner": learner, "most": 1}).one_or_none()
    if last is None or last.id != id:
        return False
    linked = {last.run}
    if found := disputes.of_attempt(connection, id):
        linked |= {found.first_run, found.second_run}
        disputes.forget(connection, id)
    connection.execute(delete(attempt).where(attempt.c.id == id))
    recount.count_anew(connection, learner)
    runs.keep(connection, linked)
    return True


def _existing(connection: Connection, column: Any, values: Iterable[str], *where: Any) -> list[str]:
    """Those of the values that the column has."""
    asked = list(values)
    found: list[str] = []
    for start in range(0, len(asked), MOST_VALUES):
        portion = column.in_(asked[start : start + MOST_VALUES])
        found += connection.execute(select(column).where(portion, *where)).scalars().all()
    return found
