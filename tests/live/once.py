"""Plays each run once, for as many tests as look at it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from quiz.sandbox.run import Run
from tests.live.players import playing

TRIES = 3


class Once:
    """Called with what a run is asked for, it gives that run, finished; a disturbed one is played again."""

    def __init__(self, folder: Path) -> None:
        self._engine = playing(folder)
        self._played: dict[str, Run] = {}

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        self._runs = self._runner.run(self._engine.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._engine.__aexit__(kind, error, trace))
        self._runner.close()

    def __call__(
        self,
        demo: str,
        variant: str | None = None,
        environment: str | None = None,
        parameters: Mapping[str, float] | None = None,
    ) -> Run:
        key = repr((demo, variant, environment, parameters))
        if key not in self._played:
            run = self._runner.run(self._play(demo, variant, environment, parameters))
            self._played[key] = run
        return self._played[key]

    async def _play(
        self,
        demo: str,
        variant: str | None,
        environment: str | None,
        parameters: Mapping[str, float] | None,
    ) -> Run:
        for _ in range(TRIES):
            started = await self._runs.start(demo, variant, environment, parameters)
            run = await self._runs.wait(started.id, 50)
            if not run.disturbed:
                break
        return run
