"""`quiz run`: runs a demo and draws its timeline. Uses no web server and no database."""

import argparse
import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from quiz.demos import locks
from quiz.documents.regular_file import printable
from quiz.errors import QuizError
from quiz.figure import draw
from quiz.figure.terminal import text
from quiz.packs.catalog import load
from quiz.runs import serialization
from quiz.runs.engine.environments import Environments
from quiz.runs.run import Run
from quiz.runs.run_store import NullRunStore
from quiz.runs.service import Runs
from quiz.settings import Settings

TOLD = ("python", "fastapi", "starlette", "uvicorn")


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    console = Console(width=max(60, shutil.get_terminal_size((100, 24)).columns))
    run = asyncio.run(_play(settings, chosen, console))
    console.print(_heading(run))
    if run.timeline.spans:
        console.print(text(draw(run.timeline), console.width), soft_wrap=True)
    if run.doubt:
        console.print(run.doubt, style="bold red")
    is_good = run.status == "finished"
    if run.output and (chosen.output or not is_good):
        console.print(Text(run.output.rstrip()), soft_wrap=True)
    if not is_good:
        console.print(Text(f"{run.status}: {run.reason}", "bold red"))
    if chosen.facts:
        for path, value in flat(run.timeline.facts):
            print(printable(f"{path} = {value}"))
    if chosen.save:
        _save(run, chosen.save)
    return 0 if is_good else 1


def flat(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a fact's path in claims and its value in CEL."""
    for name, value in facts.items():
        path = f"{above}.{name}" if name.isidentifier() else f'{above}["{name}"]'
        yield from _below(path.removeprefix("."), value)


def _below(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from flat(value, path)
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from _below(f"{path}[{place}]", item)
    elif isinstance(value, float):
        yield path, f"{round(value, 3):g}" if abs(value) < 1e5 else f"{value:.1f}"
    else:
        yield path, json.dumps(value, ensure_ascii=False, default=str)


def _save(run: Run, file: Path) -> None:
    """Writes the run's record. Raises QuizError if the run cannot decide a claim."""
    if not run.decides:
        raise QuizError(f"{file} was not written, because this run decides nothing. Run it again.")
    try:
        file.write_text(serialization.dump(run) + "\n", encoding="utf-8")
    except OSError as error:
        raise QuizError(f"{file} cannot be written: {error.strerror}. Name another.") from error


async def _play(settings: Settings, chosen: argparse.Namespace, console: Console) -> Run:
    demos = load(settings).demos
    environments = Environments(locks.folders(settings.packs), settings.cache)
    runs = Runs(settings, NullRunStore(), lambda: demos, environments)
    try:
        run = await runs.start(chosen.demo, chosen.variant, chosen.environment, dict(chosen.values))
        with console.status(f"Running {run.demo}") as status:
            async for seen in runs.watch(run.id):
                if seen.steps:
                    status.update(Text(seen.steps[-1]))
        return run
    finally:
        await runs.close()


def _heading(run: Run) -> Text:
    values = [f"{name}={value:g}" for name, value in run.parameters.items()]
    versions = [f"{name} {run.versions[name]}" for name in TOLD if name in run.versions]
    return Text.assemble(
        (", ".join([run.demo, run.variant, *values]), "bold"),
        (f"\n{', '.join([run.environment, *versions])}\n", "bright_black"),
    )
