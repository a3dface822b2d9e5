"""`quiz prepare`: builds environments before somebody waits for them."""

import argparse
import asyncio
from collections.abc import Iterable

from quiz.content import Catalog, load
from quiz.sandbox.environments import EnvironmentError_, Environments, lock_folders
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    environments = Environments(lock_folders(settings.packs), settings.cache)
    names = chosen.names or needed(load(settings))
    return asyncio.run(_build(environments, names))


def needed(catalog: Catalog) -> list[str]:
    """The environments that the questions of the packs run in."""
    demos = (question.demo for pack in catalog.packs.values() for question in pack.questions)
    found: set[str] = set()
    for demo in demos:
        if demo and demo.name in catalog.demos:
            variant = catalog.demos[demo.name].variant(demo.variant)
            found.add(demo.environment or variant.environments[0])
            found.update(variant.environments)
    return sorted(found)


async def _build(environments: Environments, names: Iterable[str]) -> int:
    status = 0
    for name in names:
        try:
            if environments.get(name).ready():
                print(f"The environment {name} is there.")
            await environments.build(name, lambda line: print(line, flush=True))
        except EnvironmentError_ as error:
            print(error)
            status = 1
    return status
