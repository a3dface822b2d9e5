"""Writes of several callers in one transaction: one flush to the disk serves all of them.

It does not know what is written. A function may be called again after a rollback, so it must do
nothing but use the connection.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from quiz.storage.sqlite.driver import Held

T = TypeVar("T")

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Job:
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any]


class GroupCommit:
    def __init__(self, connection: Held) -> None:
        self._connection = connection
        self._waiting: list[Job] = []
        self._task: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The function's result, once the disk has it. A cancelled caller's write is stored too."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(work, done))
        if self._task is None:
            self._task = asyncio.create_task(self._commit_waiting())
        return await done

    async def stop(self) -> None:
        """Finish what was asked for, then close. Nothing may be asked for afterwards."""
        if self._task:
            await self._task
        await self._connection.close()

    async def _commit_waiting(self) -> None:
        try:
            while self._waiting:
                group = self._waiting[:MOST_AT_ONCE]
                del self._waiting[:MOST_AT_ONCE]
                await self._commit(group)
        finally:
            self._task = None

    async def _commit(self, group: list[Job]) -> None:
        try:
            results = await self._connection.run(_run_all, group)
        except Exception as error:
            if len(group) > 1:
                # One function failed, and the transaction with it: again, each one alone.
                # Savepoints would not help, because a full disk undoes the whole transaction.
                for job in group:
                    await self._commit([job])
            elif not group[0].done.done():
                group[0].done.set_exception(error)
            return
        for job, result in zip(group, results, strict=True):
            if not job.done.done():
                job.done.set_result(result)


def _run_all(connection: Connection, group: list[Job]) -> list[Any]:
    with connection.begin():
        return [job.work(connection) for job in group]
