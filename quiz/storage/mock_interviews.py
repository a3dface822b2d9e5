"""A mock interview: what is asked, and what was answered up to its end. It is no attempt before.

Its SQL stands here, and the verbs that storage hands out; what a question is it knows not.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from quiz.storage.tables import mock_answer, mock_interview

EXTENSION_SECONDS = 300

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question by its id; or a topic's card, to be answered aloud."""

    pack: str
    kind: Literal["question", "aloud"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MockInterview:
    id: str
    learner: str
    token: str
    """The form's own: begun twice, it is still one interview."""
    items: tuple[Item, ...]
    begun: datetime
    seconds: int | None = None
    """Its clock; None where there is none."""
    extended: int = 0
    """By so many seconds."""
    ended: datetime | None = None

    @property
    def deadline(self) -> datetime | None:
        if self.seconds is None:
            return None
        return self.begun + timedelta(seconds=self.seconds + self.extended)

    def token_of(self, place: int) -> str:
        """Of the attempt that its answer becomes: handed in twice, it is still one attempt."""
        return f"interview-{self.token}-{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MockAnswer:
    """What was sent at a place, counted from 1; it may be sent anew until the end."""

    place: int
    form: Fields
    """As the question's form sent it, to be shown in it again; empty for what was said aloud."""
    because: str = ""
    confidence: str | None = None
    at: datetime


ONE = select(mock_interview).where(mock_interview.c.id == bindparam("id"))
_OWN = select(mock_interview).where(mock_interview.c.learner == bindparam("learner"))
OPEN = _OWN.where(mock_interview.c.ended.is_(None))
ENDED = _OWN.where(mock_interview.c.ended.is_not(None)).order_by(mock_interview.c.begun)
LATEST = (
    _OWN.where(mock_interview.c.ended.is_not(None))
    .order_by(mock_interview.c.begun.desc())
    .limit(bindparam("most"))
)
_BY_TOKEN = _OWN.where(mock_interview.c.token == bindparam("token"))
ANSWERS = (
    select(mock_answer)
    .where(mock_answer.c.interview == bindparam("interview"))
    .order_by(mock_answer.c.place)
)

Read = Callable[..., Sequence[Row[Any]]]
Write = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


class MockInterviews:
    """Over storage's two ways in. The answers become attempts in storage itself."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    async def begin(self, new: MockInterview) -> MockInterview:
        """The learner's open one, if there is; or the one that this token has begun before."""
        begun: MockInterview = await self._write(lambda connection: _begin(connection, new))
        return begun

    def one(self, id: str) -> MockInterview | None:
        return _first(self._read(ONE, id=id))

    def open(self, learner: str) -> MockInterview | None:
        return _first(self._read(OPEN, learner=learner))

    def latest(self, learner: str, most: int) -> list[MockInterview]:
        """Those that have ended, the newest first."""
        return list(map(read, self._read(LATEST, learner=learner, most=most)))

    def ended(self, learner: str) -> list[tuple[MockInterview, list[MockAnswer]]]:
        """All that have ended, the oldest first."""
        found = map(read, self._read(ENDED, learner=learner))
        return [(interview, self.answers(interview)) for interview in found]

    def answers(self, of: MockInterview) -> list[MockAnswer]:
        return list(map(_answer, self._read(ANSWERS, interview=of.id)))

    async def answer(self, of: MockInterview, new: MockAnswer) -> bool:
        """In place of the one before; False where the interview is no longer open."""
        return bool(await self._write(lambda connection: _put(connection, of, new)))

    async def extend(self, of: MockInterview, now: datetime) -> None:
        """From its end, or from now if that is past. Asked twice from one page, it is done once."""
        if of.deadline is None:
            return
        late = max(0, int((now - of.deadline).total_seconds()))
        extended = of.extended + late + EXTENSION_SECONDS
        known = mock_interview.c.extended == of.extended
        statement = update(mock_interview).where(_is(of), known).values(extended=extended)
        await self._write(lambda connection: connection.execute(statement))

    async def give_up(self, of: MockInterview) -> None:
        """Nothing of it is left; one that has ended stays."""
        await self._write(lambda connection: _give_up(connection, of))


def read(row: Row[Any]) -> MockInterview:
    values = dict(row._mapping)
    return MockInterview(**values | {"items": tuple(Item(*item) for item in values["items"])})


def end(connection: Connection, of: MockInterview, at: datetime) -> list[MockAnswer]:
    """Nothing more can be sent: what was, if this is what ended it."""
    open_ = (_is(of), mock_interview.c.ended.is_(None))
    ended = connection.execute(update(mock_interview).where(*open_).values(ended=at))
    if ended.rowcount == 0:
        return []
    return list(map(_answer, connection.execute(ANSWERS, {"interview": of.id})))


def merge(
    connection: Connection,
    learner: str,
    brought: Sequence[tuple[MockInterview, Sequence[MockAnswer]]],
) -> int:
    """Those that are not here yet; how many that were."""
    new = 0
    for interview, answers in brought:
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
    known = known or connection.execute(OPEN, {"learner": new.learner}).first()
    if known:
        return read(known)
    _insert(connection, new)
    return new


def _insert(connection: Connection, new: MockInterview) -> None:
    items = [[item.pack, item.kind, item.name] for item in new.items]
    connection.execute(insert(mock_interview), asdict(new) | {"items": items})


def _put(connection: Connection, of: MockInterview, new: MockAnswer) -> bool:
    row = connection.execute(ONE, {"id": of.id}).first()
    if row is None or row.ended is not None:
        return False
    same = (mock_answer.c.interview == of.id, mock_answer.c.place == new.place)
    connection.execute(delete(mock_answer).where(*same))
    connection.execute(insert(mock_answer), asdict(new) | {"interview": of.id})
    return True


def _give_up(connection: Connection, of: MockInterview) -> None:
    open_ = select(mock_interview.c.id).where(_is(of), mock_interview.c.ended.is_(None))
    connection.execute(delete(mock_answer).where(mock_answer.c.interview.in_(open_)))
    connection.execute(delete(mock_interview).where(_is(of), mock_interview.c.ended.is_(None)))


def _is(of: MockInterview) -> Any:
    return mock_interview.c.id == of.id


def _first(rows: Sequence[Row[Any]]) -> MockInterview | None:
    return read(rows[0]) if rows else None


def _answer(row: Row[Any]) -> MockAnswer:
    values = dict(row._mapping)
    del values["interview"]
    return MockAnswer(**values | {"form": tuple((name, text) for name, text in values["form"])})
