"""One thread that writes: who waits at the same moment shares one transaction and one flush.

It knows nothing of what is written. Work given to it may be called a second time, so it does
nothing but use the connection.
"""

import asyncio
import contextlib
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Work = Callable[[Connection], Any]
Job = tuple[Work, "asyncio.Future[Any]"]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]

MOST_AT_ONCE = 500


class Writer:
    """A thread of its own, one hop a transaction: an async driver hops for every statement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._write, name="writer", daemon=True)
        self._open = True
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returned, once it is on the disk."""
        if not self._open:
            raise RuntimeError("The database is closed.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((work, future))
        return await future

    async def stop(self) -> None:
        """Finish what was asked for, then end."""
        if self._open:
            self._open = False
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        going = True
        while going:
            jobs: list[Job] = []
            going = self._collect(jobs)
            if jobs:
                outcomes = self._commit(jobs)
                # The loop may have ended without waiting for us.
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(_deliver, outcomes)

    def _collect(self, jobs: list[Job]) -> bool:
        """Wait for a job, take all that wait with it; False after the last."""
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MOST_AT_ONCE:
                return True
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return True
        return False

    def _commit(self, jobs: list[Job]) -> list[Outcome]:
        try:
            with self._engine.begin() as connection:
                outcomes: list[Outcome] = [(done, work(connection), None) for work, done in jobs]
        except BaseException as error:
            if len(jobs) == 1:
                return [(jobs[0][1], None, error)]
            # One of them failed and took the others with it: each again, alone.
            return [outcome for job in jobs for outcome in self._commit([job])]
        return outcomes


def _deliver(outcomes: list[Outcome]) -> None:
    for done, result, error in outcomes:
        if done.done():
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
