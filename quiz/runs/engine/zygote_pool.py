"""Zygote pool: one warm zygote per environment that is in use.

A zygote is started on first use and stopped after `IDLE_SECONDS` without a run. The usual
environment stays warm and is restarted when its zygote dies. The pool knows no runs, only whether
an environment is busy.
"""

import asyncio
import logging
from collections.abc import Callable

from quiz.runs.engine.environments import Environments
from quiz.runs.engine.zygote_client import OnMessage, Zygote
from quiz.runs.stage import folder
from quiz.runs.tasks import TaskSet

logger = logging.getLogger("quiz.runs")
ALWAYS_WARM = "current"
IDLE_SECONDS = 300.0


class ZygotePool:
    """`on_message` receives every message of every zygote.

    `on_exit` receives the environment of a zygote that ended by itself.
    """

    def __init__(
        self, environments: Environments, on_message: OnMessage, on_exit: Callable[[str], None]
    ) -> None:
        self._environments = environments
        self._on_message = on_message
        self._on_exit = on_exit
        self._zygotes: dict[str, Zygote] = {}
        self._warming: dict[str, asyncio.Lock] = {}
        self._idle: dict[str, asyncio.TimerHandle] = {}
        self._tasks = TaskSet()
        self._closed = False

    def open(self) -> None:
        """Warm the usual environment if it is built. Nothing is built before a run needs it."""
        self._sweep()
        if self._environments.ready(ALWAYS_WARM):
            self._tasks.spawn(self.warm(ALWAYS_WARM))

    async def close(self) -> None:
        """Stop all zygotes and the processes of their runs."""
        self._closed = True
        for handle in self._idle.values():
            handle.cancel()
        await self._tasks.cancel()
        await asyncio.gather(*(zygote.stop() for zygote in self._zygotes.values()))

    def needs(self, environment: str) -> str | None:
        """Why no run can use the environment now, and the command that fixes it; else None."""
        return self._environments.needs(environment)

    def get(self, environment: str) -> Zygote | None:
        """The environment's zygote, if it is warm."""
        return self._zygotes.get(environment)

    async def warm(
        self, environment: str, progress: Callable[[str], None] = lambda _text: None
    ) -> Zygote:
        """Build the environment and start its zygote, unless that is done. Raises QuizError.

        Callers that need the same environment at the same time share one build.
        """
        async with self._warming.setdefault(environment, asyncio.Lock()):
            if found := self._zygotes.get(environment):
                return found
            built = await self._environments.build(environment, progress)
            progress(f"Warming the environment {environment}.")
            zygote = await Zygote.start(
                built.python, self._on_message, lambda: self._exited(environment)
            )
            self._zygotes[environment] = zygote
            self.mark_idle(environment)
            return zygote

    def mark_busy(self, environment: str) -> None:
        """A run uses the environment: keep its zygote."""
        if handle := self._idle.pop(environment, None):
            handle.cancel()

    def mark_idle(self, environment: str) -> None:
        """No run uses the environment: stop its zygote after `IDLE_SECONDS`."""
        self.mark_busy(environment)
        if environment != ALWAYS_WARM and not self._closed:
            loop = asyncio.get_running_loop()
            self._idle[environment] = loop.call_later(
                IDLE_SECONDS, lambda: self._tasks.spawn(self._stop(environment))
            )

    async def _stop(self, environment: str) -> None:
        if zygote := self._zygotes.pop(environment, None):
            await zygote.stop()

    def _exited(self, environment: str) -> None:
        logger.error("The zygote of %s died.", environment)
        self._zygotes.pop(environment, None)
        self._sweep()
        self._on_exit(environment)
        if environment == ALWAYS_WARM and not self._closed:
            self._tasks.spawn(self.warm(environment))

    def _sweep(self) -> None:
        """Delete the folders of dead runs: of an earlier server or of a zygote that died."""
        self._tasks.spawn(asyncio.to_thread(folder.sweep))
