"""Runs in memory and their watchers. Knows neither the store nor how a run is executed."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from quiz.runs.run import Run

REDRAW_SECONDS = 0.1
# A watcher sees a run once per second even without news: its wait shrinks and its time axis grows.
REFRESH_SECONDS = 1.0
FINISHED_IN_MEMORY = 50


@dataclass
class _Live:
    run: Run
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class LiveRuns:
    """Holds every unfinished run and the newest finished ones."""

    def __init__(self) -> None:
        self._live: dict[str, _Live] = {}
        self._finished: deque[str] = deque()
        self._closed = False

    def add(self, run: Run) -> None:
        self._live[run.id] = _Live(run)

    def get(self, id: str) -> Run | None:
        return self._live[id].run if id in self._live else None

    def unfinished(self) -> list[Run]:
        return [live.run for live in self._live.values() if not live.run.is_over]

    def notify(self, run: Run) -> None:
        """The run changed: wake its watchers."""
        run.revision += 1
        if live := self._live.get(run.id):
            live.changed.set()
            live.changed = asyncio.Event()

    def retire(self, run: Run) -> None:
        """The run is over and stored. It stays in memory until newer runs have finished."""
        self._finished.append(run.id)
        while len(self._finished) > FINISHED_IN_MEMORY:
            self._live.pop(self._finished.popleft(), None)

    def close(self) -> None:
        """Wake all watchers. `wait` and `watch` return from now on."""
        self._closed = True
        for live in self._live.values():
            live.changed.set()

    async def wait(self, run: Run, seconds: float, *, begun: bool = False) -> None:
        """Return when the run is over, after `seconds`, or with `begun` once its zero is known."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (run.is_over or self._closed or (begun and run.zero_ns is not None)):
                    await self._change(run)

    async def watch(self, run: Run) -> AsyncIterator[Run]:
        """Yield the run after each change, at most ten times per second, and once per second.

        Ends after the run is over or the server stops.
        """
        while True:
            # The run may end while the consumer handles it. Then the consumer must see it again.
            seen, over = run.revision, run.is_over
            yield run
            if over or self._closed:
                return
            await asyncio.sleep(REDRAW_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS):
                    while run.revision == seen and not self._closed:
                        await self._change(run)

    async def _change(self, run: Run) -> None:
        if live := self._live.get(run.id):
            await live.changed.wait()
