"""Builds an environment with uv: a venv, the locked packages, and the line that loads the probe."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import sys
import sysconfig
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from uv import find_uv_bin

from quiz.runs.engine.build_advice import advice
from quiz.runs.engine.environment import (
    COMPLETE,
    PROBE_FILE,
    PROBE_LINE,
    BuildError,
    Environment,
)
from quiz.runs.engine.package_index import uv_variables

HERE = Path(__file__).parent
UNUSED_DAYS = 30
MOST_CHARACTERS = 500  # of uv's message
_LOCK_POLL_SECONDS = 0.05


async def build(environment: Environment, progress: Callable[[str], None]) -> None:
    """Build the environment unless another process does so meanwhile. Raises BuildError."""
    try:
        async with _locked(environment, progress):
            if not environment.ready():
                await _build(environment, progress)
    except (BuildError, OSError) as error:
        raise BuildError(_reason(environment, error)) from error


@contextlib.asynccontextmanager
async def _locked(environment: Environment, progress: Callable[[str], None]) -> AsyncIterator[None]:
    """One builder at a time, across processes. The lock of a killed builder is released."""
    file = environment.cache / "environments" / f"{environment.name}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        told = False
        while not _try_lock(descriptor):
            if not told:
                progress(f"Waiting until the environment {environment.name} is built.")
                told = True
            await asyncio.sleep(_LOCK_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _build(environment: Environment, progress: Callable[[str], None]) -> None:
    progress(f"Building the environment {environment.name}.")
    await asyncio.to_thread(_clear, environment)
    await _uv("venv", "--python", sys.executable, "--no-project", str(environment.folder))
    await _uv(
        "pip",
        "install",
        "--python",
        str(environment.python),
        "--require-hashes",
        "--compile-bytecode",
        "--requirements",
        str(environment.lock),
    )
    _site_packages(environment).joinpath(PROBE_FILE).write_text(PROBE_LINE, encoding="utf-8")
    environment.complete.touch()
    progress(f"The environment {environment.name} is built.")


def _clear(environment: Environment) -> None:
    """Delete what a killed builder left, and folders of this name that no run used for a month."""
    oldest = time.time() - UNUSED_DAYS * 86_400
    for folder in environment.folder.parent.glob(f"{environment.name}-*"):
        name, _, key = folder.name.rpartition("-")
        if name != environment.name or len(key) != len(environment.key):
            continue
        complete = folder / COMPLETE
        if (
            folder == environment.folder
            or not complete.exists()
            or complete.stat().st_mtime < oldest
        ):
            shutil.rmtree(folder)


def _site_packages(environment: Environment) -> Path:
    base = {"base": str(environment.folder), "platbase": str(environment.folder)}
    return Path(sysconfig.get_path("purelib", "venv", vars=base))


async def _uv(*arguments: str) -> None:
    """Run uv. Raises BuildError with uv's own message."""
    process = await asyncio.create_subprocess_exec(
        find_uv_bin(),
        *arguments,
        # uv reads the pyproject.toml of its working directory, which may belong to any project.
        cwd=HERE,
        env=os.environ | await asyncio.to_thread(uv_variables, os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, message = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise BuildError(message.decode(errors="replace").strip())


def _reason(environment: Environment, error: Exception) -> str:
    lines = [line.strip(" ×├╰─▶·") for line in str(error).splitlines()]
    # uv's progress comes first, the error after it.
    start = next((i for i, line in enumerate(lines) if line.startswith("error:")), 0)
    message = " ".join(filter(None, lines[start:])).removeprefix("error: ")
    shown = message.rstrip(".")[:MOST_CHARACTERS]
    return (
        f"The environment {environment.name} could not be built: {shown}. "
        f"{advice(message)}. Then type: {_command()} prepare {environment.name}"
    )


def _command() -> str:
    """How to type this installation's `quiz` in the working directory."""
    script = Path(sys.executable).with_name("quiz")
    found = shutil.which("quiz")
    if not script.exists() or (found and Path(found).samefile(script)):
        return "quiz"
    with contextlib.suppress(ValueError):
        return str(script.relative_to(Path.cwd()))
    return str(script)
