"""Background tasks of one owner, which can wait for them or cancel them. Knows nothing of runs."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger("quiz.runs")


class TaskSet:
    """Keeps a reference to each task until it ends, and logs the error of a task that fails.

    `asyncio.TaskGroup` would cancel all other tasks when one fails.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._remove)

    async def join(self) -> None:
        """Wait until all tasks have ended, also those that they spawn."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.join()

    def _remove(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("A background task failed: %s", error, exc_info=error)
