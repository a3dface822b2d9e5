"""Every run that the collected tests look at, played once in one engine before the first of them.

A test module names its runs in `WANTED`; the fixture `play` (conftest.py) hands them out.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.demos import system_programs
from quiz.demos.loader import load_demos
from quiz.runs.run import Run
from quiz.runs.service import Runs
from quiz.timeline import Span
from tests.live.players import playing

# Runs mostly wait, so a few at once disturb one another little; a disturbed one is played again.
AT_ONCE, TRIES = 4, 3
# Far above the noise of a busy machine, far below every default duration that is waited for.
AT_ONCE_MS = 250.0
DEMOS, _ = load_demos()
Play = Callable[..., Run]


@dataclass(frozen=True)
class Asked:
    demo: str
    variant: str
    environment: str
    parameters: tuple[tuple[str, float], ...]


def ask(
    demo: str,
    variant: str | None = None,
    environment: str | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Asked:
    """What is left out is the demo's default, so that who asks for the same shares one run."""
    chosen = DEMOS[demo].variant(variant)
    values = DEMOS[demo].values(chosen.name, parameters or {})
    return Asked(
        demo, chosen.name, environment or chosen.environments[0], tuple(sorted(values.items()))
    )


def variants_of(demo: str) -> list[Asked]:
    """Each variant of a demo in each of its environments."""
    variants = DEMOS[demo].variants.values()
    return [ask(demo, v.name, environment) for v in variants for environment in v.environments]


def missing(asked: Asked) -> str | None:
    """The program that this run needs and that is missing on this machine."""
    return system_programs.missing(DEMOS[asked.demo].variant(asked.variant).needs)


def facts_of(run: Run) -> dict[str, Any]:
    return dict(run.timeline.facts)


def calls_of(run: Run, name: str) -> list[Span]:
    return [span for span in run.timeline.spans if span.is_call and span.name == name]


def play_all(folder: Path, wanted: Iterable[Asked]) -> dict[Asked, Run]:
    return asyncio.run(_play_all(folder, list(dict.fromkeys(wanted))))


async def _play_all(folder: Path, wanted: list[Asked]) -> dict[Asked, Run]:
    places = asyncio.Semaphore(AT_ONCE)

    wanted = [asked for asked in wanted if missing(asked) is None]

    async def play(asked: Asked) -> Run:
        async with places:
            return await _undisturbed(runs, asked)

    # The longest first, so that none of them is waited for alone at the end.
    wanted = sorted(wanted, key=_seconds, reverse=True)
    async with playing(folder) as runs:
        return dict(zip(wanted, await asyncio.gather(*map(play, wanted)), strict=True))


def _seconds(asked: Asked) -> float:
    return DEMOS[asked.demo].variant(asked.variant).takes


async def _undisturbed(runs: Runs, asked: Asked) -> Run:
    for _ in range(TRIES):
        parameters = dict(asked.parameters)
        started = await runs.start(asked.demo, asked.variant, asked.environment, parameters)
        run = await runs.wait(started.id, 70)
        if not run.disturbed:
            break
    return run
