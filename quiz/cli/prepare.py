"""`quiz prepare`: builds environments before a run needs them."""

import argparse
import asyncio
from collections.abc import Sequence

from quiz.demos import locks
from quiz.runs.engine.environment import BuildError
from quiz.runs.engine.environments import Environments
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    environments = Environments(locks.folders(settings.packs), settings.cache)
    return asyncio.run(_build_named(environments, chosen.names or environments.names))


async def _build_named(environments: Environments, names: Sequence[str]) -> int:
    status = 0
    for name in names:
        try:
            if environments.get(name).ready():
                _say(f"The environment {name} is built.")
            await environments.build(name, _say)
        except BuildError as error:
            _say(str(error))
            status = 1
    return status


async def build_missing(settings: Settings) -> None:
    """Builds missing environments while the app is served. Prints nothing if none is missing."""
    environments = Environments(locks.folders(settings.packs), settings.cache)
    names = [name for name in environments.names if not environments.ready(name)]
    if not names:
        return
    # Most demos run in this environment.
    names.sort(key=lambda name: name != "current")
    _say(f"Environments to build while you use the quiz: {', '.join(names)}.")
    if await _build_named(environments, names) == 0:
        _say("All environments are built. From now on the quiz needs no network.")
    else:
        _say("Environments that are not built are tried again when a run needs them.")


def _say(line: str) -> None:
    print(line, flush=True)
