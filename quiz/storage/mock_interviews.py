"""Mock interviews: what is asked, and what was answered. Answers become attempts at the end only.

This module does not know what a question is.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from quiz.learning.attempt import Attempt
from quiz.storage import attempts
from quiz.storage.database import Database
from quiz.storage.tables import mock_answer, mock_interview

EXTENSION_SECONDS = 300

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question by its id, or a topic's card, which is answered aloud."""

    pack: str
    kind: Literal["question", "aloud"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MockInterview:
    id: str
    learner: str
    token: str
    """Of the form that began it: sent twice, it begins one interview."""
    items: tuple[Item, ...]
    begun: datetime
    seconds: int | None = None
    """Time limit; None without one."""
    extended: int = 0
    """Seconds added to the time limit."""
    ended: datetime | None = None

    @property
    def deadline(self) -> datetime | None:
        if self.seconds is None:
            return None
        return self.begun + timedelta(seconds=self.seconds + self.extended)

    def token_of(self, place: int) -> str:
        """The token of the attempt that this answer becomes: ended twice, it is one attempt."""
        return f"interview-{self.token}-{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MockAnswer:
    """What was sent at a place, counted from 1. It may be sent again until the end."""

    place: int
    form: Fields
    """As the question's form sent it, to fill the form again; empty if answered aloud."""
    because: str = ""
    confidence: str | None = None
    at: datetime


_ONE = select(mock_interview).where(mock_interview.c.id == bindparam("id"))
_OWN = select(mock_interview).where(mock_interview.c.learner == bindparam("learner"))
_OPEN = _OWN.where(mock_interview.c.ended.is_(None))
_ENDED = _OWN.where(mock_interview.c.ended.is_not(None)).order_by(mock_interview.c.begun)
_LATEST = (
    _OWN.where(mock_interview.c.ended.is_not(None))
    .order_by(mock_interview.c.begun.desc())
    .limit(bindparam("most"))
)
_BY_TOKEN = _OWN.where(mock_interview.c.token == bindparam("token"))
_ANSWERS = (
    select(mock_answer)
    .where(mock_answer.c.interview == bindparam("interview"))
    .order_by(mock_answer.c.place)
)

Judge = Callable[[Sequence[MockAnswer]], Sequence[Attempt]]


class MockInterviews:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, new: MockInterview) -> MockInterview:
        """The learner's open interview, or the one that this token began, or else the new one."""
        return await self._database.write(_begin, new)

    async def get(self, id: str) -> MockInterview | None:
        return _read_or_none(await self._database.first(_ONE, id=id))

    async def open(self, learner: str) -> MockInterview | None:
        return _read_or_none(await self._database.first(_OPEN, learner=learner))

    async def latest(self, learner: str, most: int) -> list[MockInterview]:
        """Those that have ended, newest first."""
        return [_read(row) for row in await self._database.all(_LATEST, learner=learner, most=most)]

    async def ended(self, learner: str) -> list[tuple[MockInterview, list[MockAnswer]]]:
        """All that have ended, oldest first."""
        return await self._database.read(_ended, learner)

    async def answers(self, of: MockInterview) -> list[MockAnswer]:
        return await self._database.read(_answers, of)

    async def answer(self, of: MockInterview, new: MockAnswer) -> bool:
        """Store it in place of the one before. False if the interview is no longer open."""
        return await self._database.write(_put, of, new)

    async def extend(self, of: MockInterview, now: datetime) -> None:
        """Add time from its deadline, or from now if later. One page adds it only once."""
        if of.deadline is None:
            return
        late = max(0, int((now - of.deadline).total_seconds()))
        await self._database.write(_extend, of, of.extended + late + EXTENSION_SECONDS)

    async def give_up(self, of: MockInterview) -> None:
        """Delete it with its answers. One that has ended stays."""
        await self._database.write(_give_up, of)

    async def end(self, of: MockInterview, at: datetime, judge: Judge) -> None:
        """Its answers become attempts, all or none. Without effect if it has ended before."""
        await self._database.write(_end, of, at, judge)


def merge(
    connection: Connection,
    learner: str,
    imported: Sequence[tuple[MockInterview, Sequence[MockAnswer]]],
) -> int:
    """Insert those whose token is not stored yet; how many."""
    new = 0
    for interview, answers in imported:
        key = {"learner": learner, "token": interview.token}
        if connection.execute(_BY_TOKEN, key).first() is None:
            new += 1
            _insert(connection, replace(interview, learner=learner))
            rows = [asdict(one) | {"interview": interview.id} for one in answers]
            if rows:
                connection.execute(insert(mock_answer), rows)
    return new


def erase(connection: Connection, learner: str) -> None:
    own = select(mock_interview.c.id).where(mock_interview.c.learner == learner)
    connection.execute(delete(mock_answer).where(mock_answer.c.interview.in_(own)))
    connection.execute(delete(mock_interview).where(mock_interview.c.learner == learner))


def _begin(connection: Connection, new: MockInterview) -> MockInterview:
    key = {"learner": new.learner, "token": new.token}
    known = connection.execute(_BY_TOKEN, key).first()
    known = known or connection.execute(_OPEN, {"learner": new.learner}).first()
    if known:
        return _read(known)
    _insert(connection, new)
    return new


def _insert(connection: Connection, new: MockInterview) -> None:
    items = [[item.pack, item.kind, item.name] for item in new.items]
    connection.execute(insert(mock_interview), asdict(new) | {"items": items})


def _ended(connection: Connection, learner: str) -> list[tuple[MockInterview, list[MockAnswer]]]:
    found = connection.execute(_ENDED, {"learner": learner}).all()
    return [(interview, _answers(connection, interview)) for interview in map(_read, found)]


def _answers(connection: Connection, of: MockInterview) -> list[MockAnswer]:
    return [_read_answer(row) for row in connection.execute(_ANSWERS, {"interview": of.id})]


def _put(connection: Connection, of: MockInterview, new: MockAnswer) -> bool:
    row = connection.execute(_ONE, {"id": of.id}).first()
    if row is None or row.ended is not None:
        return False
    same = (mock_answer.c.interview == of.id, mock_answer.c.place == new.place)
    connection.execute(delete(mock_answer).where(*same))
    connection.execute(insert(mock_answer), asdict(new) | {"interview": of.id})
    return True


def _extend(connection: Connection, of: MockInterview, extended: int) -> None:
    as_known = mock_interview.c.extended == of.extended
    connection.execute(update(mock_interview).where(_is(of), as_known).values(extended=extended))


def _give_up(connection: Connection, of: MockInterview) -> None:
    still_open = select(mock_interview.c.id).where(_is(of), mock_interview.c.ended.is_(None))
    connection.execute(delete(mock_answer).where(mock_answer.c.interview.in_(still_open)))
    connection.execute(delete(mock_interview).where(_is(of), mock_interview.c.ended.is_(None)))


def _end(connection: Connection, of: MockInterview, at: datetime, judge: Judge) -> None:
    still_open = (_is(of), mock_interview.c.ended.is_(None))
    if connection.execute(update(mock_interview).where(*still_open).values(ended=at)).rowcount:
        attempts.bring(connection, of.learner, judge(_answers(connection, of)))


def _is(of: MockInterview) -> Any:
    return mock_interview.c.id == of.id


def _read(row: Row[Any]) -> MockInterview:
    values = dict(row._mapping)
    return MockInterview(**values | {"items": tuple(Item(*item) for item in values["items"])})


def _read_or_none(row: Row[Any] | None) -> MockInterview | None:
    return _read(row) if row else None


def _read_answer(row: Row[Any]) -> MockAnswer:
    values = dict(row._mapping)
    del values["interview"]
    return MockAnswer(**values | {"form": tuple((name, text) for name, text in values["form"])})
