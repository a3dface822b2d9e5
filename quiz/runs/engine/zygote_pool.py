"""The zygotes of this server, one an environment.

Built and warmed when first needed, retired when idle.
The usual environment is warmed at once, stays, and is started again when it dies. Of runs it knows
only whether any is under way in an environment.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from quiz.runs.engine.environments import Environments
from quiz.runs.engine.zygote_client import Said, Zygote
from quiz.runs.stage import folder

logger = logging.getLogger("quiz.runs")
ALWAYS_WARM = "current"
IDLE_SECONDS = 300.0


class Nursery:
    """`said` gets every message of every zygote.

    `died` is told of an environment whose zygote ended unasked.
    """

    def __init__(self, environments: Environments, said: Said, died: Callable[[str], None]) -> None:
        self._environments = environments
        self._said = said
        self._told_of_death = died
        self._zygotes: dict[str, Zygote] = {}
        self._warming: dict[str, asyncio.Lock] = {}
        self._idle: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._closed = False

    def open(self) -> None:
        """Warm the usual environment if it is built; nothing is built unasked."""
        self._sweep()
        if self._environments.ready(ALWAYS_WARM):
            self._spawn(self.warm(ALWAYS_WARM))

    async def close(self) -> None:
        """End all zygotes and what they own."""
        self._closed = True
        for handle in self._idle.values():
            handle.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(zygote.stop() for zygote in self._zygotes.values()))

    def needs(self, environment: str) -> str | None:
        """Why nothing can run in it for now, and the command that mends it; None where it can."""
        return self._environments.needs(environment)

    def get(self, environment: str) -> Zygote | None:
        """Its zygote, if it is warm."""
        return self._zygotes.get(environment)

    async def warm(
        self, environment: str, progress: Callable[[str], None] = lambda _text: None
    ) -> Zygote:
        """Build it, start its zygote, or wait for who does so already. Raises QuizError."""
        async with self._warming.setdefault(environment, asyncio.Lock()):
            if found := self._zygotes.get(environment):
                return found
            built = await self._environments.build(environment, progress)
            progress(f"Warming the environment {environment}.")
            zygote = await Zygote.start(built.python, self._said, lambda: self._died(environment))
            self._zygotes[environment] = zygote
            self.rest(environment)
            return zygote

    def wake(self, environment: str) -> None:
        """It is used: it does not retire."""
        if handle := self._idle.pop(environment, None):
            handle.cancel()

    def rest(self, environment: str) -> None:
        """Nothing runs in it any more: after a while it gives its memory back."""
        self.wake(environment)
        if environment != ALWAYS_WARM and not self._closed:
            loop = asyncio.get_running_loop()
            self._idle[environment] = loop.call_later(
                IDLE_SECONDS, lambda: self._spawn(self._retire(environment))
            )

    async def _retire(self, environment: str) -> None:
        if zygote := self._zygotes.pop(environment, None):
            await zygote.stop()

    def _died(self, environment: str) -> None:
        logger.error("The zygote of %s died.", environment)
        self._zygotes.pop(environment, None)
        self._sweep()
        self._told_of_death(environment)
        if environment == ALWAYS_WARM and not self._closed:
            self._spawn(self.warm(environment))

    def _sweep(self) -> None:
        """What is there of dead runs: from before this server, or since a zygote died."""
        self._spawn(asyncio.to_thread(folder.sweep))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
