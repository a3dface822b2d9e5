"""One thread that writes: who waits at the same moment shares one transaction and one flush.

It knows nothing of what is written. Work takes a list of items and gives a result for each; it may
be called a second time, so it does nothing but use the connection.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Connection, list[Item]], list[Result]]
Outcome = tuple[Any, Exception | None]

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Job:
    work: Work[Any, Any]
    item: Any
    done: asyncio.Future[Any]


class Writer:
    """A thread of its own, one hop a transaction: an async driver hops for every statement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work[Item, Result], item: Item) -> Result:
        """What `work` made of the item, once it is on the disk."""
        done: asyncio.Future[Result] = self._loop.create_future()
        self._jobs.put(Job(work, item, done))
        return await done

    async def stop(self) -> None:
        """Finish what was asked for, then end. Nothing may be asked for afterwards."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        going = True
        while going:
            jobs, going = self._collect()
            if jobs:
                outcomes = self._commit(jobs)
                # The loop may have ended without waiting for us.
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(_deliver, jobs, outcomes)

    def _collect(self) -> tuple[list[Job], bool]:
        """Wait for a job and take all that wait with it; False after the last."""
        jobs: list[Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MOST_AT_ONCE:
                return jobs, True
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: list[Job]) -> list[Outcome]:
        try:
            with self._engine.begin() as connection:
                return _together(connection, jobs)
        except Exception as error:
            if len(jobs) == 1:
                return [(None, error)]
        # One of them took the others with it: again, each alone. Savepoints in one transaction
        # would not do, as a full disk undoes that whole.
        return [outcome for job in jobs for outcome in self._commit([job])]


def _together(connection: Connection, jobs: list[Job]) -> list[Outcome]:
    """In the order asked for; neighbours of the same kind in one go."""
    results: list[Any] = []
    for work, same in groupby(jobs, key=attrgetter("work")):
        results += work(connection, [job.item for job in same])
    return [(result, None) for result in results]


def _deliver(jobs: list[Job], outcomes: list[Outcome]) -> None:
    for job, (result, error) in zip(jobs, outcomes, strict=True):
        if job.done.done():
            continue
        if error is None:
            job.done.set_result(result)
        else:
            job.done.set_exception(error)
