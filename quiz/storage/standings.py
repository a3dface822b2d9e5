"""Where learners stand, kept up to date with each attempt, so that a page reads few short rows.

Its SQL stands here, over a connection that storage hands in; the rule of what counts is
scoring.py's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Update,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.spaced_repetition import Memory
from quiz.storage import activity, disputes
from quiz.storage.tables import attempt, standing

TRIES = ("first", "latest", "counted")
KEY = ("learner", "pack", "question")
REMEMBERED = ("stability", "difficulty", "reviewed", "due")
# Every statement is built once: building costs more than running it.
ALL = select(standing).where(standing.c.learner == bindparam("learner"))
OF_PACK = ALL.where(standing.c.pack == bindparam("pack"))
OF_QUESTIONS = OF_PACK.where(standing.c.question.in_(bindparam("questions", expanding=True)))
# Changes with every attempt, and is read in a fraction of what the rows cost.
VERSION: Select[Any] = select(func.max(standing.c.latest_attempt), func.sum(standing.c.n)).where(
    standing.c.learner == bindparam("learner"), standing.c.pack == bindparam("pack")
)
_OTHER = standing.alias("other")
_SINCE = exists().where(
    attempt.c.learner == standing.c.learner, attempt.c.at > standing.c.latest_at
)
_OTHERS = (
    select(func.count())
    .where(
        _OTHER.c.learner == standing.c.learner,
        _OTHER.c.answered_at > standing.c.latest_at,
        or_(_OTHER.c.pack != standing.c.pack, _OTHER.c.question != standing.c.question),
    )
    .scalar_subquery()
)
# And how many other questions were answered since: a retry counts by that. All of them are gone
# through only if there is anything since, which an index tells.
# For keys alone SQLite would look at every row of every learner: an index it takes for columns.
BEFORE = select(standing, case((_SINCE, _OTHERS), else_=0)).where(
    *(standing.c[name].in_(bindparam(f"{name}s", expanding=True)) for name in KEY),
    tuple_(*(standing.c[name] for name in KEY)).in_(bindparam("keys", expanding=True)),
)
_ADD = insert(standing)


def _change(*tries: str) -> Update:
    """Of a row only these tries, beside what every attempt changes; the first stays what it was."""
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
_IN_TIME = (
    select(attempt)
    .where(attempt.c.learner == bindparam("learner"))
    .order_by(attempt.c.at, attempt.c.id)
)
_ATTEMPTS = select(func.count(), func.max(attempt.c.id), func.count(attempt.c.correction)).where(
    attempt.c.learner == bindparam("learner")
)
_MARK = update(attempt).where(attempt.c.id == bindparam("of")).values(counted=bindparam("counts"))


def read(row: Sequence[Any]) -> Standing:
    _, pack, question, n, *tries, answered_at = row[:17]
    first, latest, counted = (Try(*tries[start : start + 4]) for start in (0, 4, 8))
    memory = None if row[17] is None else Memory(*row[17:21])
    return Standing(pack, question, n, first, latest, counted, answered_at, memory)


def apart(new: Sequence[Attempt]) -> Iterator[list[Attempt]]:
    """In their order, those in one go of which no two are one learner's: they say nothing of each
    other."""
    some: dict[str, Attempt] = {}
    for one in new:
        if one.learner in some:
            yield list(some.values())
            some = {}
        some[one.learner] = one
    yield list(some.values())


def take(connection: Connection, new: Sequence[Attempt]) -> list[Attempt]:
    """Bring up to date where their learners stand, of whom each has one of these; the attempts with
    whether they count. What was sent before is stored by now.
    """
    added: list[dict[str, Any]] = []
    changed: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    taken = []
    # One statement for all: asking costs more than what is found.
    keys = [(one.learner, one.pack, one.question) for one in new]
    asked = {f"{name}s": {getattr(one, name) for one in new} for name in KEY}
    before = {tuple(r[:3]): r for r in connection.execute(BEFORE, asked | {"keys": keys})}
    for one in new:
        key: dict[str, Any] = {"learner": one.learner, "pack": one.pack, "question": one.question}
        row = before.get((one.learner, one.pack, one.question))
        now = scoring.after(read(row[:-1]), one, row[-1]) if row else scoring.after(None, one, 0)
        counts = now.counted.attempt == one.id
        if row:
            of = {f"of_{name}": value for name, value in key.items()}
            tries = ("latest", "counted") if counts else ("latest",)
            changed[counts].append(_values(now, tries) | of)
        else:
            added.append(_values(now) | key)
        taken.append(replace(one, counted=counts))
    if added:
        connection.execute(_ADD, added)
    for statement, rows in ((_COUNTED, changed[True]), (_PRACTISED, changed[False])):
        if rows:
            connection.execute(statement, rows)
    return taken


@dataclass(frozen=True, slots=True)
class Recount:
    """What all of a learner's attempts come to, and of which version of them."""

    version: tuple[Any, ...]
    attempts: list[Attempt]
    standings: list[Standing]
    counted: dict[str, bool]


def count_anew(connection: Connection, learner: str) -> None:
    """From all of a learner's attempts: what came in may be older than what was here."""
    _put(connection, learner, recount(connection, learner))


def recount(connection: Connection, learner: str) -> Recount:
    """Changes nothing, and takes seconds for very many attempts."""
    version = tuple(connection.execute(_ATTEMPTS, {"learner": learner}).one())
    own = connection.execute(_IN_TIME, {"learner": learner})
    attempts = [Attempt(**row._mapping) for row in own]
    void = {one.attempt for one in disputes.of_learner(connection, learner)}
    return Recount(version, attempts, *scoring.replay(attempts, void))


def put_recount(connection: Connection, learner: str, of: Recount) -> bool:
    """False, and nothing is changed, if the attempts are no longer those that were counted."""
    if tuple(connection.execute(_ATTEMPTS, {"learner": learner}).one()) != of.version:
        return False
    _put(connection, learner, of)
    return True


def _put(connection: Connection, learner: str, of: Recount) -> None:
    attempts, standings, counted = of.attempts, of.standings, of.counted
    moved = {row.counted_attempt: row.due for row in connection.execute(ALL, {"learner": learner})}
    standings = [_as_moved(one, moved.get(one.counted.attempt)) for one in standings]
    activity.count_anew(connection, learner, attempts, counted)
    connection.execute(delete(standing).where(standing.c.learner == learner))
    rows = [
        {"learner": learner, "pack": one.pack, "question": one.question} | _values(one)
        for one in standings
    ]
    if rows:
        connection.execute(_ADD, rows)
    changed = [one.id for one in attempts if one.counted != counted[one.id]]
    if changed:
        connection.execute(_MARK, [{"of": id, "counts": counted[id]} for id in changed])


def _as_moved(of: Standing, due: datetime | None) -> Standing:
    """A backlog that was spread stays so as long as nothing else was answered."""
    if of.memory is None or due is None or due <= of.memory.due:
        return of
    return replace(of, memory=replace(of.memory, due=due))


def of_question(connection: Connection, learner: str, pack: str, question: str) -> Standing | None:
    key = {"learner": learner, "pack": pack, "questions": [question]}
    row = connection.execute(OF_QUESTIONS, key).one_or_none()
    return read(row) if row else None


def remember(connection: Connection, learner: str, changed: Iterable[Standing]) -> None:
    """Another memory of each; nothing where something else was answered meanwhile."""
    rows = [
        {"of": one.counted.attempt, "of_learner": learner}
        | {"of_pack": one.pack, "of_question": one.question}
        | _remembered(one.memory)
        for one in changed
    ]
    if rows:
        connection.execute(_REMEMBER, rows)


def erase(connection: Connection, learner: str) -> None:
    activity.erase(connection, learner)
    connection.execute(delete(standing).where(standing.c.learner == learner))


def _remembered(memory: Memory | None) -> dict[str, Any]:
    return {name: getattr(memory, name, None) for name in REMEMBERED}


def _values(of: Standing, tries: Sequence[str] = TRIES) -> dict[str, Any]:
    values: dict[str, Any] = {"n": of.n, "answered_at": of.answered_at}
    if "counted" in tries:
        values |= _remembered(of.memory)
    for name in tries:
        one: Try = getattr(of, name)
        values |= {
            f"{name}_attempt": one.attempt,
            f"{name}_score": one.score,
            f"{name}_revealed": one.revealed,
            f"{name}_at": one.at,
        }
    return values
