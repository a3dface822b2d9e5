"""Standings: what a learner's attempts at each question come to, updated with every attempt.

A page reads one short row per question, however many attempts there are. What counts is decided by
quiz.learning.scoring.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.spaced_repetition import Memory
from quiz.storage.database import Database
from quiz.storage.tables import attempt, standing

TRIES = ("first", "latest", "counted")
KEY = ("learner", "pack", "question")
REMEMBERED = ("stability", "difficulty", "reviewed", "due")
WIDTH = len(standing.c)
# Every statement is built once: building costs more than running it.
ALL = select(standing).where(standing.c.learner == bindparam("learner"))
OF_PACK = ALL.where(standing.c.pack == bindparam("pack"))
OF_QUESTIONS = OF_PACK.where(standing.c.question.in_(bindparam("questions", expanding=True)))
_OTHER = standing.alias("other")
_SINCE = (
    exists()
    .where(attempt.c.learner == bindparam("learner"), attempt.c.at > standing.c.latest_at)
    .correlate(standing)
)
_OTHERS = (
    select(func.count())
    .where(
        _OTHER.c.learner == bindparam("learner"),
        _OTHER.c.answered_at > standing.c.latest_at,
        or_(_OTHER.c.pack != standing.c.pack, _OTHER.c.question != standing.c.question),
    )
    .correlate(standing)
    .scalar_subquery()
)
_IS_KNOWN = exists().where(
    attempt.c.learner == bindparam("learner"), attempt.c.token == bindparam("token")
)
_NEWEST = (
    select(func.max(attempt.c.at))
    .where(attempt.c.learner == bindparam("learner"))
    .scalar_subquery()
)
# Everything that a new attempt depends on, in one statement. The other questions are counted only
# if anything was sent since, which an index tells.
_NOTHING = select(literal(1).label("one")).subquery()
BEFORE = select(
    standing,
    case((_SINCE, _OTHERS), else_=0).label("others"),
    _IS_KNOWN.label("is_known"),
    _NEWEST.label("newest"),
).select_from(
    _NOTHING.outerjoin(standing, and_(*(standing.c[name] == bindparam(name) for name in KEY)))
)
ADD = insert(standing)


def _change(*tries: str) -> Update:
    """Update these tries of a row, and what every attempt changes."""
    names = ("n", "answered_at", *(c.name for c in standing.c if c.name.startswith(tries)))
    key = (standing.c[name] == bindparam(f"of_{name}") for name in KEY)
    return update(standing).where(*key).values({name: bindparam(name) for name in names})


_PRACTISED = _change("latest_")
_COUNTED = _change("latest_", "counted_", *REMEMBERED)
_REMEMBER = (
    update(standing)
    .where(
        *(standing.c[name] == bindparam(f"of_{name}") for name in KEY),
        standing.c.counted_attempt == bindparam("of"),
    )
    .values({name: bindparam(name) for name in REMEMBERED})
)


class Standings:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_pack(
        self, learner: str, pack: str, questions: Sequence[str] = ()
    ) -> dict[str, Standing]:
        """By question id: those that were tried, of the whole pack or of the questions named."""
        if questions:
            rows = await self._database.all(
                OF_QUESTIONS, learner=learner, pack=pack, questions=questions
            )
        else:
            rows = await self._database.all(OF_PACK, learner=learner, pack=pack)
        return {row.question: read(row) for row in rows}

    async def all(self, learner: str) -> list[Standing]:
        """Of every question ever tried, in any pack."""
        return [read(row) for row in await self._database.all(ALL, learner=learner)]

    async def remember(self, learner: str, changed: Sequence[Standing]) -> None:
        """Store other memories of these questions, for example after a backlog was spread."""
        await self._database.write(remember, learner, changed)


def read(row: Sequence[Any]) -> Standing:
    _, pack, question, n, *tries, answered_at = row[:17]
    first, latest, counted = (Try(*tries[start : start + 4]) for start in (0, 4, 8))
    memory = None if row[17] is None else Memory(*row[17:21])
    return Standing(pack, question, n, first, latest, counted, answered_at, memory)


class Before(NamedTuple):
    """What a new attempt depends on."""

    standing: Standing | None
    """Of the same question."""
    others: int
    """Other questions that were answered since the question's latest attempt."""
    is_known: bool
    """Whether an attempt with the same token is stored."""
    newest: datetime | None
    """Time of the learner's newest attempt at any question."""


def before(connection: Connection, new: Attempt) -> Before:
    key = {"learner": new.learner, "pack": new.pack, "question": new.question, "token": new.token}
    row = connection.execute(BEFORE, key).one()
    standing = None if row[0] is None else read(row)
    return Before(standing, row[WIDTH], bool(row[WIDTH + 1]), row[WIDTH + 2])


def take(connection: Connection, before: Before, new: Attempt) -> Attempt:
    """Store the standing after this attempt; the attempt with whether it counts."""
    now = scoring.after(before.standing, new, before.others)
    counts = now.counted.attempt == new.id
    key = {"learner": new.learner, "pack": new.pack, "question": new.question}
    if before.standing is None:
        connection.execute(ADD, values_of(now) | key)
    else:
        of = {f"of_{name}": value for name, value in key.items()}
        tries = ("latest", "counted") if counts else ("latest",)
        connection.execute(_COUNTED if counts else _PRACTISED, values_of(now, tries) | of)
    return replace(new, counted=counts)


def of_question(connection: Connection, learner: str, pack: str, question: str) -> Standing | None:
    key = {"learner": learner, "pack": pack, "questions": [question]}
    row = connection.execute(OF_QUESTIONS, key).one_or_none()
    return read(row) if row else None


def remember(connection: Connection, learner: str, changed: Iterable[Standing]) -> None:
    """Without effect on a question that was answered in the meantime."""
    rows = [
        {"of": one.counted.attempt, "of_learner": learner}
        | {"of_pack": one.pack, "of_question": one.question}
        | _memory(one.memory)
        for one in changed
    ]
    if rows:
        connection.execute(_REMEMBER, rows)


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(standing).where(standing.c.learner == learner))


def _memory(memory: Memory | None) -> dict[str, Any]:
    return {name: getattr(memory, name, None) for name in REMEMBERED}


def values_of(of: Standing, tries: Sequence[str] = TRIES) -> dict[str, Any]:
    values: dict[str, Any] = {"n": of.n, "answered_at": of.answered_at}
    if "counted" in tries:
        values |= _memory(of.memory)
    for name in tries:
        one: Try = getattr(of, name)
        values |= {
            f"{name}_attempt": one.attempt,
            f"{name}_score": one.score,
            f"{name}_revealed": one.revealed,
            f"{name}_at": one.at,
        }
    return values
