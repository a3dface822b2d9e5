"""Plays demos for tests: the real engine over a real database, with demos written on the spot."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from quiz.demos.loader import DEMOS, load_demos
from quiz.demos.locks import SHIPPED_LOCKS
from quiz.runs.engine.environments import Environments
from quiz.runs.service import Runs
from quiz.settings import Settings
from quiz.storage.storage import Storage

FACT = re.compile(r"stage\.fact\(['\"](\w+)")
MAIN = """
import asyncio

from fastapi import BackgroundTasks, FastAPI

SECONDS = 0.2

app = FastAPI()


async def work() -> None:
    await asyncio.sleep(SECONDS)


@app.post("/")
async def start(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(work)
    return {"status": "started"}
"""
SCENARIO = """
def play(stage):
    stage.serve()
    stage.post("/")
    stage.settle()
"""


def write_demo(root: Path, *, main: str = MAIN, scenario: str = SCENARIO, more: str = "") -> Path:
    """A demo named `sample` under `root`; returns the root."""
    folder = root / "sample"
    folder.mkdir()
    facts = [
        f"  {name}: {{title: A fact, about: For a test.}}\n" for name in FACT.findall(scenario)
    ]
    if facts:
        more += f"extra:\n{''.join(facts)}"
    (folder / "main.py").write_text(main)
    (folder / "scenario.py").write_text(scenario)
    (folder / "demo.yaml").write_text(
        "title: A sample\ntopic: test\nsummary: For a test.\nmemory_mb: 40\n"
        "parameters:\n  seconds: {title: It takes, minimum: 0.01, maximum: 100}\n"
        "variants:\n  plain:\n    title: Plain\n    summary: For a test.\n"
        f"    files: [main.py]\n    seconds: 1.0\n    environments: [current]\n{more}"
    )
    return root


@asynccontextmanager
async def playing(tmp_path: Path, *roots: Path, **given: Any) -> AsyncIterator[Runs]:
    """The engine with the shipped demos and those under `roots`; `given` are settings."""
    settings = Settings.read(dict(os.environ), data=tmp_path / "data", **given)
    demos, problems = load_demos(*roots, DEMOS)
    assert problems == []
    storage = Storage(settings.data / "quiz.sqlite3")
    await storage.start()
    runs = Runs(
        settings, storage.runs, lambda: demos, Environments((SHIPPED_LOCKS,), settings.cache)
    )
    await runs.open()
    try:
        yield runs
    finally:
        await runs.close()
        await storage.stop()


def zygotes() -> list[psutil.Process]:
    """The zygotes of this test."""
    return [p for p in psutil.Process().children() if "zygote" in _command(p)]


def _command(process: psutil.Process) -> list[str]:
    """The command line; empty for a process that has ended, also before it is reaped."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def zygote() -> psutil.Process:
    """The one zygote of this test."""
    (process,) = zygotes()
    return process


def owners() -> list[psutil.Process]:
    """The zygote's children that own a run now: those below which something was started."""
    return [p for p in zygote().children() if any(folders_of(p))]


def folders_of(process: psutil.Process) -> list[str]:
    """The private folders in which a process's children work."""
    return [c.cwd() for c in process.children() if "after-response-" in c.cwd()]
