"""Where learners stand, kept up to date with each attempt, so that a page reads few short rows.

Its SQL stands here, over a connection that storage hands in; the rule of what counts is
progress.py's.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from quiz import progress
from quiz.attempt import Attempt, Standing, Try
from quiz.tables import attempt, standing

KEY = ("learner", "pack", "question")
# Every statement is built once: building costs more than running it.
ALL = select(standing).where(standing.c.learner == bindparam("learner"))
OF_PACK = ALL.where(standing.c.pack == bindparam("pack"))
OF_QUESTIONS = OF_PACK.where(standing.c.question.in_(bindparam("questions", expanding=True)))
_ONE = OF_PACK.where(standing.c.question == bindparam("question"))
_OTHERS = select(func.count()).where(
    standing.c.learner == bindparam("learner"),
    standing.c.answered_at > bindparam("since", type_=standing.c.answered_at.type),
    or_(standing.c.pack != bindparam("pack"), standing.c.question != bindparam("question")),
)
_ADD = insert(standing)
_CHANGE = (
    update(standing)
    .where(
        standing.c.learner == bindparam("of_learner"),
        standing.c.pack == bindparam("of_pack"),
        standing.c.question == bindparam("of_question"),
    )
    .values(
        {column.name: bindparam(column.name) for column in standing.c if not column.primary_key}
    )
)
_IN_TIME = (
    select(attempt)
    .where(attempt.c.learner == bindparam("learner"))
    .order_by(attempt.c.at, attempt.c.id)
)
_MARK = update(attempt).where(attempt.c.id == bindparam("of")).values(counted=bindparam("counts"))


def read(row: Row[Any]) -> Standing:
    _, pack, question, n, *tries, answered_at = tuple(row)
    first, latest, counted = (Try(*tries[start : start + 4]) for start in (0, 4, 8))
    return Standing(pack, question, n, first, latest, counted, answered_at)


def take(connection: Connection, new: Attempt) -> Attempt:
    """Bring up to date where its learner stands; the attempt with whether it counts."""
    key = {"learner": new.learner, "pack": new.pack, "question": new.question}
    row = connection.execute(_ONE, key).one_or_none()
    before = read(row) if row else None
    others = 0
    if before and not progress.spaced(before.latest.at, 0, new.at):
        others = connection.execute(_OTHERS, key | {"since": before.latest.at}).scalar_one()
    now = progress.after(before, new, others)
    values = _values(now)
    if before:
        connection.execute(_CHANGE, values | {f"of_{name}": value for name, value in key.items()})
    else:
        connection.execute(_ADD, key | values)
    return replace(new, counted=now.counted.attempt == new.id)


def count_anew(connection: Connection, learner: str) -> None:
    """From all of a learner's attempts: what came in may be older than what was here."""
    rows = connection.execute(_IN_TIME, {"learner": learner})
    attempts = [Attempt(**row._mapping) for row in rows]
    standings, counted = progress.replay(attempts)
    connection.execute(delete(standing).where(standing.c.learner == learner))
    _add(connection, learner, standings)
    changed = [one.id for one in attempts if one.counted != counted[one.id]]
    if changed:
        connection.execute(_MARK, [{"of": id, "counts": counted[id]} for id in changed])


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(standing).where(standing.c.learner == learner))


def _add(connection: Connection, learner: str, standings: Sequence[Standing]) -> None:
    rows = [
        {"learner": learner, "pack": one.pack, "question": one.question} | _values(one)
        for one in standings
    ]
    if rows:
        connection.execute(_ADD, rows)


def _values(of: Standing) -> dict[str, Any]:
    tries = (("first", of.first), ("latest", of.latest), ("counted", of.counted))
    values: dict[str, Any] = {"n": of.n, "answered_at": of.answered_at}
    for name, one in tries:
        values |= {
            f"{name}_attempt": one.attempt,
            f"{name}_score": one.score,
            f"{name}_revealed": one.revealed,
            f"{name}_at": one.at,
        }
    return values
