"""What is kept: attempts, where learners stand, runs. One class of verbs; connections stay inside.

It knows nothing of pages, questions or processes. A verb that writes returns once the write is on
the disk; one that reads is a short query in the calling thread.
"""

import asyncio
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, delete, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.spaced_repetition import Correction
from quiz.storage import (
    activity,
    classroom,
    disputes,
    first_answers,
    mock_interviews,
    standings,
)
from quiz.storage import (
    attempts as attempt_rows,
)
from quiz.storage import (
    rehearsals as rehearsal,
)
from quiz.storage import (
    runs as run_rows,
)
from quiz.storage.activity import Day
from quiz.storage.classroom import Round, Turnout
from quiz.storage.database import StorageError, open_engines
from quiz.storage.disputes import Dispute
from quiz.storage.first_answers import FirstTries
from quiz.storage.mock_interviews import MockAnswer, MockInterview, MockInterviews
from quiz.storage.rehearsals import Rehearsal
from quiz.storage.standings import Recount
from quiz.storage.tables import attempt, run
from quiz.storage.writer import Work, Writer

__all__ = ["Attempt", "Imported", "Standing", "Storage", "StorageError", "Try"]

T = TypeVar("T")
Item = TypeVar("Item")
PAGE = 1000
A_PORTION = 500
RECOUNTS = 3


class Imported(NamedTuple):
    """How many of each an import added, and how many of all were known already."""

    answers: int = 0
    rehearsals: int = 0
    interviews: int = 0
    known: int = 0


class Storage:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._engines: tuple[Engine, Engine] | None = None
        self._writer: Writer | None = None
        # The loop's own way in to read: taking one from the pool costs as much as a short read.
        self._reader: tuple[int, Connection] | None = None
        self.interviews = MockInterviews(self._read, self._write)

    async def start(self) -> None:
        """Open the file, made or brought up to date as needed. Raises StorageError."""
        self._engines = await asyncio.to_thread(open_engines, self.path)
        self._writer = Writer(self._engines[0])
        self._reader = (threading.get_ident(), self._engines[1].connect())

    async def stop(self) -> None:
        """Finish what is being written and close the file."""
        writer, self._writer = self._writer, None
        if writer and self._engines:
            await writer.stop()
            writing, reading = self._engines
            reader, self._engines, self._reader = self._reader, None, None
            if reader:
                reader[1].close()
            reading.dispose()
            writing.dispose()

    # Attempts.

    async def add_attempt(self, new: Attempt) -> Attempt:
        """The stored attempt: the first one with this token, whatever is sent later."""
        return await self._write_all(attempt_rows.add, new)

    async def link_run(self, attempt_id: str, run_id: str) -> None:
        """From now on the attempt shows this run, which is kept as long as it does."""
        await self._write(lambda connection: attempt_rows.link(connection, attempt_id, run_id))

    async def correct(self, attempt_id: str, said: Correction) -> None:
        """Its question comes back sooner or later; nothing where a later attempt counts by now."""
        await self._write(lambda connection: attempt_rows.correct(connection, attempt_id, said))

    async def undo(self, learner: str, attempt_id: str) -> bool:
        """As if it had never been sent. Only the learner's last one can be taken back: else False,
        and nothing is changed."""
        return await self._write(lambda c: attempt_rows.undo(c, learner, attempt_id))

    async def remember(self, learner: str, changed: Sequence[Standing]) -> None:
        """Keep another memory of these questions, as where a backlog was spread."""
        await self._write(lambda connection: standings.remember(connection, learner, changed))

    def attempt(self, id: str) -> Attempt | None:
        rows = self._read(attempt_rows.ONE, id=id)
        return attempt_rows.read(rows[0]) if rows else None

    def attempts_by_token(self, learner: str, tokens: Sequence[str]) -> dict[str, Attempt]:
        rows = self._read(attempt_rows.WITH_TOKENS, learner=learner, tokens=tokens)
        return {row.token: attempt_rows.read(row) for row in rows}

    def marks(self, learner: str, pack: str, questions: Sequence[str] = ()) -> dict[str, Standing]:
        """Where the learner stands with each question that was tried, of all or of those named."""
        if questions:
            rows = self._read(
                standings.OF_QUESTIONS, learner=learner, pack=pack, questions=questions
            )
        else:
            rows = self._read(standings.OF_PACK, learner=learner, pack=pack)
        return {row.question: standings.read(row) for row in rows}

    def marks_version(self, learner: str, pack: str) -> tuple[str | None, int | None]:
        """Another one whenever the learner's marks in the pack may be others."""
        (row,) = self._read(standings.VERSION, learner=learner, pack=pack)
        newest, attempts = tuple(row)
        return newest, attempts

    def standings(self, learner: str) -> list[Standing]:
        """Where the learner stands with every question ever tried, of whatever pack."""
        return [standings.read(row) for row in self._read(standings.ALL, learner=learner)]

    def days(self, learner: str) -> list[Day]:
        """What the learner did on each day, the oldest first."""
        return [activity.read(row) for row in self._read(activity.OF_LEARNER, learner=learner)]

    def first_tries(self) -> list[FirstTries]:
        """What all learners answered first, of questions that enough have answered."""
        return first_answers.read(self._read(first_answers.ALL))

    def attempts(
        self, learner: str, limit: int = 50, before: Attempt | None = None
    ) -> list[Attempt]:
        """Newest first; the next page is what was `before` the last one of this."""
        if before is None:
            rows = self._read(attempt_rows.NEWEST, learner=learner, most=limit)
        else:
            rows = self._read(
                attempt_rows.NEWEST_BEFORE, learner=learner, most=limit, at=before.at, id=before.id
            )
        return [attempt_rows.read(row) for row in rows]

    def answers_of(self, learner: str) -> int:
        """How many attempts are kept of a learner."""
        (row,) = self._read(attempt_rows.COUNT, learner=learner)
        return int(row[0])

    def export(self, learner: str) -> Iterator[Attempt]:
        """All of them, oldest first. In short reads: a long one would hold up checkpoints."""
        rows = self._read(attempt_rows.OLDEST, learner=learner, most=PAGE)
        while rows:
            yield from map(attempt_rows.read, rows)
            last = rows[-1]
            rows = self._read(
                attempt_rows.OLDEST_AFTER, learner=learner, most=PAGE, at=last.at, id=last.id
            )

    async def import_attempts(
        self,
        learner: str,
        rows: Sequence[Attempt],
        rehearsals: Sequence[Rehearsal] = (),
        interviews: Sequence[tuple[MockInterview, Sequence[MockAnswer]]] = (),
    ) -> Imported:
        """In portions, between which others write. Attempts and interviews are known by their
        token, so that an import that broke off is completed by another one of the same file."""

        def others(connection: Connection) -> tuple[int, int]:
            said = rehearsal.merge(connection, learner, rehearsals)
            return said, mock_interviews.merge(connection, learner, interviews)

        said, held = await self._write(others)
        added, known = 0, len(rehearsals) - said + len(interviews) - held
        for start in range(0, len(rows), A_PORTION):
            portion = rows[start : start + A_PORTION]
            insert_new = attempt_rows.insert_further if start else attempt_rows.insert_new
            counts = await self._write(partial(insert_new, learner=learner, rows=portion))
            added, known = added + counts[0], known + counts[1]
        if rows:
            await self._recount(learner)
        return Imported(added, said, held, known)

    async def _recount(self, learner: str) -> None:
        """Outside of the writer as long as the learner does not answer meanwhile."""
        for _ in range(RECOUNTS):
            found = await asyncio.to_thread(self._recounted, learner)
            put = partial(standings.put_recount, learner=learner, of=found)
            if await self._write(put):
                return
        await self._write(lambda connection: standings.count_anew(connection, learner))

    def _recounted(self, learner: str) -> Recount:
        if self._engines is None:
            raise StorageError(f"{self.path} is not open.")
        with self._told(), self._engines[1].connect() as connection:
            return standings.recount(connection, learner)

    async def erase(self, learner: str) -> int:
        """Nothing of the learner is left; how many attempts that were."""
        return await self._write(lambda connection: _erase(connection, learner))

    def knows(self, learner: str) -> bool:
        """Whether anything is kept of them: answers, what they said aloud, interviews."""
        interviews = self.interviews.open(learner) or self.interviews.latest(learner, 1)
        return bool(self.attempts(learner, 1) or self.rehearsals(learner) or interviews)

    # Interviews: what is asked and answered in them is their own (`interviews`) until their end.

    async def end_interview(
        self,
        of: MockInterview,
        at: datetime,
        judge: Callable[[Sequence[MockAnswer]], Sequence[Attempt]],
    ) -> None:
        """Its answers are attempts from now on, all or none; nothing where it has ended before."""

        def end(connection: Connection) -> None:
            judged = judge(mock_interviews.end(connection, of, at))
            attempt_rows.bring(connection, of.learner, judged)

        await self._write(end)

    # Rehearsals.

    async def rehearse(self, new: Rehearsal) -> None:
        """What the learner says of a topic's interview question takes the place of the last."""
        await self._write(lambda connection: rehearsal.put(connection, new))

    def rehearsals(self, learner: str, pack: str | None = None) -> list[Rehearsal]:
        if pack is None:
            rows = self._read(rehearsal.ALL, learner=learner)
        else:
            rows = self._read(rehearsal.OF_PACK, learner=learner, pack=pack)
        return [Rehearsal(**row._mapping) for row in rows]

    # Disputes.

    async def dispute(self, new: Dispute) -> None:
        """From now on a miss among them does not count, and both runs are kept."""
        await self._write(lambda connection: _dispute(connection, new))

    def dispute_of(self, attempt_id: str) -> Dispute | None:
        rows = self._read(disputes.OF_ATTEMPT, attempt=attempt_id)
        return Dispute(**rows[0]._mapping) if rows else None

    # Rounds.

    async def put_round(self, new: Round) -> None:
        """A question comes on the wall, or again: only what is sent from then on counts."""
        await self._write(lambda connection: classroom.put(connection, new))

    async def change_round(self, of: Round, **columns: Any) -> None:
        await self._write(lambda connection: classroom.change(connection, of, columns))

    def round(self, pack: str, question: str) -> Round | None:
        rows = self._read(classroom.OF_QUESTION, pack=pack, question=question)
        return Round(**rows[0]._mapping) if rows else None

    def latest_round(self) -> Round | None:
        """What a room looks at."""
        rows = self._read(classroom.LATEST)
        return Round(**rows[0]._mapping) if rows else None

    def turnout(self, of: Round) -> Turnout:
        rows = self._read(classroom.ATTEMPTS, pack=of.pack, question=of.question, began=of.began)
        return classroom.turnout(rows)

    # Runs.

    async def add_run(self, row: Mapping[str, Any]) -> None:
        await self._write(lambda connection: connection.execute(insert(run), dict(row)))

    async def update_run(self, id: str, **columns: Any) -> None:
        """Set columns of its row; `record` is the text of the finished run."""
        text = columns.pop("record", None)
        body = await asyncio.to_thread(zlib.compress, text.encode()) if text else None
        if not await self._write(lambda c: run_rows.change(c, id, columns, body)):
            raise StorageError(f"There is no run {id!r} to update.")

    def run(self, id: str) -> Mapping[str, Any] | None:
        """Its row and its `record`; that is None before its end, and again when `evicted`."""
        rows = self._read(run_rows.ONE, id=id)
        if not rows:
            return None
        row = dict(rows[0]._mapping)
        body = row.pop("body")
        return row | {"record": zlib.decompress(body).decode() if body else None}

    def unfinished_runs(self) -> list[Mapping[str, Any]]:
        """The rows of runs that have no end yet, oldest first."""
        return [dict(row._mapping) for row in self._read(run_rows.UNFINISHED)]

    async def evict_runs(self, keep: int) -> int:
        """Drop the oldest finished records beyond `keep`, never those that an attempt shows."""
        return await self._write(lambda connection: run_rows.evict(connection, keep))

    # The two ways in.

    def _read(self, statement: Select[Any], **values: Any) -> Sequence[Row[Any]]:
        if self._engines is None:
            raise StorageError(f"{self.path} is not open.")
        with self._told():
            if self._reader and self._reader[0] == threading.get_ident():
                return self._reader[1].execute(statement, values).all()
            with self._engines[1].connect() as connection:
                return connection.execute(statement, values).all()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A read that fails is a StorageError."""
        try:
            yield
        except DatabaseError as error:
            raise StorageError(f"{self.path} could not be read: {error.orig}.") from error

    async def _write(self, work: Callable[[Connection], T]) -> T:
        result: T = await self._write_all(_each, work)
        return result

    async def _write_all(self, work: Work[Item, T], item: Item) -> T:
        if self._writer is None:
            raise StorageError(f"{self.path} is not open.")
        try:
            return await self._writer.run(work, item)
        except IntegrityError:
            raise  # a fault of ours, not of the disk
        except DatabaseError as error:
            raise StorageError(
                f"{self.path} could not be written: {error.orig}. Nothing was stored; try again"
                " once there is room on its disk and no other program holds it."
            ) from error


def _each(connection: Connection, works: list[Callable[[Connection], Any]]) -> list[Any]:
    return [work(connection) for work in works]


def _dispute(connection: Connection, new: Dispute) -> None:
    learner = connection.execute(select(attempt.c.learner).where(attempt.c.id == new.attempt))
    if (who := learner.scalar()) is None:
        return  # erased meanwhile
    disputes.put(connection, new)
    standings.count_anew(connection, who)
    run_rows.keep(connection, {new.first_run, new.second_run})


def _erase(connection: Connection, learner: str) -> int:
    shown = select(attempt.c.run).where(attempt.c.learner == learner, attempt.c.run.is_not(None))
    runs = set(connection.execute(shown.distinct()).scalars())
    for one in disputes.of_learner(connection, learner):
        runs |= {one.first_run, one.second_run}
    disputes.erase(connection, learner)
    gone = connection.execute(delete(attempt).where(attempt.c.learner == learner)).rowcount
    standings.erase(connection, learner)
    rehearsal.erase(connection, learner)
    mock_interviews.erase(connection, learner)
    connection.execute(update(run).where(run.c.learner == learner).values(learner=None, slot=""))
    run_rows.keep(connection, runs)
    return gone
