"""Attempts as the database keeps them, each once by its token, and standings kept up with them.

Its SQL stands here, over a connection that storage hands in; the rule of what counts is
scoring.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, tuple_, update

from quiz.learning import scoring
from quiz.learning.attempt import Attempt
from quiz.learning.spaced_repetition import Correction
from quiz.storage import activity, disputes, runs, standings
from quiz.storage.tables import attempt, run

A_PORTION = 1000
NAMES = [column.name for column in attempt.c]

# Every statement is built once: building costs more than running it.
ONE = select(attempt).where(attempt.c.id == bindparam("id"))
_BY_TOKEN = select(attempt).where(
    attempt.c.learner == bindparam("learner"), attempt.c.token == bindparam("token")
)
_WHEN = tuple_(attempt.c.at, attempt.c.id)
_POINT = tuple_(bindparam("at", type_=attempt.c.at.type), bindparam("id", type_=attempt.c.id.type))
ALL = select(attempt).where(attempt.c.learner == bindparam("learner"))
COUNT = select(func.count()).where(attempt.c.learner == bindparam("learner"))
NEWEST = ALL.order_by(attempt.c.at.desc(), attempt.c.id.desc()).limit(bindparam("most"))
OLDEST = ALL.order_by(attempt.c.at, attempt.c.id).limit(bindparam("most"))
WITH_TOKENS = ALL.where(attempt.c.token.in_(bindparam("tokens", expanding=True)))
_COUNTED = ALL.where(
    *(attempt.c[name] == bindparam(name) for name in ("pack", "question")), attempt.c.counted
).order_by(attempt.c.at, attempt.c.id)
NEWEST_BEFORE, OLDEST_AFTER = NEWEST.where(_WHEN < _POINT), OLDEST.where(_WHEN > _POINT)


def read(row: Row[Any]) -> Attempt:
    return Attempt(**row._mapping)


def add(connection: Connection, new: list[Attempt]) -> list[Attempt]:
    """Each as it is stored. The unique constraint refuses a token that is known: then the writer
    asks again for each alone, which looks it up."""
    if len(new) == 1 and (first := _by_token(connection, new[0])):
        return [first]
    kept = []
    for some in standings.apart(new):
        taken = standings.take(connection, some)
        connection.execute(insert(attempt), [_row(one) for one in taken])
        activity.add(connection, taken)
        kept += taken
    runs.keep(connection, {one.run for one in kept})
    return kept


def _by_token(connection: Connection, new: Attempt) -> Attempt | None:
    key = {"learner": new.learner, "token": new.token}
    row = connection.execute(_BY_TOKEN, key).one_or_none()
    return read(row) if row else None


def _row(new: Attempt) -> dict[str, Any]:
    return {name: getattr(new, name) for name in NAMES}


def link(connection: Connection, attempt_id: str, run_id: str) -> None:
    own = attempt.c.id == attempt_id
    before = connection.execute(select(attempt.c.run).where(own)).scalar()
    connection.execute(update(attempt).where(own).values(run=run_id))
    runs.keep(connection, {before, run_id})


def correct(connection: Connection, id: str, said: Correction) -> None:
    """Its question comes back sooner or later; nothing where a later attempt counts by now."""
    row = connection.execute(ONE, {"id": id}).one_or_none()
    if row is None:
        return  # taken back meanwhile
    of = standings.of_question(connection, row.learner, row.pack, row.question)
    if of is None or of.counted.attempt != id:
        return
    connection.execute(update(attempt).where(attempt.c.id == id).values(correction=said))
    # From the beginning: a day that was corrected before is rounded, and cannot be turned back.
    key = {"learner": row.learner, "pack": row.pack, "question": row.question}
    now = scoring.remembered(read(one) for one in connection.execute(_COUNTED, key))
    standings.remember(connection, row.learner, [replace(of, memory=now)])


def undo(connection: Connection, learner: str, id: str) -> bool:
    """Whether it was the learner's last; then nothing of it is left."""
    last = connection.execute(NEWEST, {"learner": learner, "most": 1}).one_or_none()
    if last is None or last.id != id:
        return False
    linked = {last.run}
    if found := connection.execute(disputes.OF_ATTEMPT, {"attempt": id}).one_or_none():
        linked |= {found.first_run, found.second_run}
        disputes.forget(connection, id)
    connection.execute(delete(attempt).where(attempt.c.id == id))
    standings.count_anew(connection, learner)
    runs.keep(connection, linked)
    return True


def merge(connection: Connection, learner: str, rows: Sequence[Attempt]) -> tuple[int, int]:
    """How many were new and how many known. All of the learner's are counted again."""
    counts = insert_new(connection, learner, rows)
    if counts[0]:
        standings.count_anew(connection, learner)
    return counts


def insert_new(connection: Connection, learner: str, rows: Sequence[Attempt]) -> tuple[int, int]:
    """As merge, but what counts is still to be decided."""
    by_token = {row.token: row for row in reversed(rows)}
    for known in _existing(connection, attempt.c.token, by_token, attempt.c.learner == learner):
        del by_token[known]
    linked = {row.run for row in by_token.values() if row.run}
    here = set(_existing(connection, run.c.id, linked))
    new = [
        _row(row) | {"learner": learner, "run": row.run if row.run in here else None}
        for row in by_token.values()
    ]
    if new:
        connection.execute(insert(attempt), new)
    runs.keep(connection, here)
    return len(new), len(rows) - len(new)


def insert_further(
    connection: Connection, learner: str, rows: Sequence[Attempt]
) -> tuple[int, int]:
    """Another portion; nothing if the learner has erased everything since the one before."""
    if not connection.execute(COUNT, {"learner": learner}).scalar():
        return 0, 0
    return insert_new(connection, learner, rows)


def bring(connection: Connection, learner: str, judged: Sequence[Attempt]) -> None:
    """Attempts in their order, given a while ago: to count all anew is seldom needed."""
    newest = connection.execute(NEWEST, {"learner": learner, "most": 1}).one_or_none()
    if judged and newest and newest.at >= judged[0].at:
        merge(connection, learner, judged)
    else:
        for one in judged:
            add(connection, [one])


def _existing(connection: Connection, column: Any, values: Iterable[str], *where: Any) -> list[str]:
    """Those of the values that the column has, asked in portions that any database takes."""
    asked = list(values)
    found: list[str] = []
    for start in range(0, len(asked), A_PORTION):
        portion = column.in_(asked[start : start + A_PORTION])
        found += connection.execute(select(column).where(portion, *where)).scalars().all()
    return found
