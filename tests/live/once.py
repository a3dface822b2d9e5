"""Plays many runs in one engine and closes it, so that any number of tests can look at them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.sandbox.run import Run
from quiz.sandbox.runs import Runs
from tests.live.players import playing

# Runs mostly wait, so a few at once disturb one another little; a disturbed one is played again.
AT_ONCE, TRIES = 4, 2


@dataclass(frozen=True)
class Asked:
    """What is asked for; what is left out is the demo's default."""

    demo: str
    variant: str | None = None
    environment: str | None = None
    parameters: tuple[tuple[str, float], ...] = ()


def play_all(folder: Path, wanted: Iterable[Asked]) -> dict[Asked, Run]:
    return asyncio.run(_play_all(folder, list(dict.fromkeys(wanted))))


async def _play_all(folder: Path, wanted: list[Asked]) -> dict[Asked, Run]:
    places = asyncio.Semaphore(AT_ONCE)

    async def play(asked: Asked) -> Run:
        async with places:
            return await _undisturbed(runs, asked)

    async with playing(folder) as runs:
        return dict(zip(wanted, await asyncio.gather(*map(play, wanted)), strict=True))


async def _undisturbed(runs: Runs, asked: Asked) -> Run:
    for _ in range(TRIES):
        parameters = dict(asked.parameters)
        started = await runs.start(asked.demo, asked.variant, asked.environment, parameters)
        run = await runs.wait(started.id, 50)
        if not run.disturbed:
            break
    return run
