"""Builds environments: locked sets of packages, each in a folder of the user's cache.

A new one is a pair of files here, NAME.in and NAME.txt (`make lock` writes the second). Knows
nothing of demos, runs or what it is used for, but for the line that lets a probe in.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import sys
import sysconfig
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from uv import find_uv_bin

from quiz.demos import locks
from quiz.errors import QuizError, did_you_mean
from quiz.runs.engine.build_advice import advice
from quiz.runs.engine.package_index import uv_variables

HERE = Path(__file__).parent
# Part of every key: raise it when the builder puts something else into a folder.
FORMAT = 1
COMPLETE = ".complete"
PROBE_FILE = "after_response_probe.pth"
# `site` executes a line that starts with `import`, and in a venv it does so twice (until 3.13 at
# least). Without the variable it costs one look-up.
PROBE_LINE = (
    'import os, sys; _p = os.environ.get("AFTER_RESPONSE_PROBE"); '
    '_p and not hasattr(sys, "_after_response") and (setattr(sys, "_after_response", _p), '
    'exec(compile(open(_p).read(), _p, "exec"), {"__name__": "after_response_probe"}))\n'
)
# A build that failed is not tried again at every press of Run, and not given up for ever.
RETRY_SECONDS = 30.0
UNUSED_DAYS = 30
MOST_SAID = 500
_LOCK_POLL_SECONDS = 0.05


class EnvironmentError_(QuizError):
    """An environment that is unknown or could not be built; names the command that mends it."""


def lock_folders(packs: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Where locks are looked for: ours first, then those of further packs."""
    return locks.folders(packs)


@dataclass(frozen=True)
class Environment:
    """A locked set of packages and where it lies once built."""

    name: str
    lock: Path
    cache: Path

    @cached_property
    def key(self) -> str:
        parts = [
            self.lock.read_text(encoding="utf-8"),
            sys.version,
            sysconfig.get_platform(),
            platform.libc_ver()[0],
            PROBE_LINE,
            str(FORMAT),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    @property
    def folder(self) -> Path:
        return self.cache / "environments" / f"{self.name}-{self.key}"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def complete(self) -> Path:
        return self.folder / COMPLETE

    def ready(self) -> bool:
        # The link to the Python that it was built with may lead nowhere by now.
        return self.complete.is_file() and self.python.exists()


class Environments:
    """Those found in folders of locks, built in `cache` when first asked for."""

    def __init__(self, roots: tuple[Path, ...], cache: Path) -> None:
        self._found: dict[str, Environment] = {}
        self._failed: dict[str, tuple[float, str]] = {}
        # What is wrong with the other files of these folders, `quiz check` says.
        for name, lock in locks.Locks.below(roots).found.items():
            self._found[name] = Environment(name, lock, cache)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._found)

    def get(self, name: str) -> Environment:
        if name not in self._found:
            mend = did_you_mean(name, self._found)
            raise EnvironmentError_(f"There is no environment {name}. {mend}")
        return self._found[name]

    def ready(self, name: str) -> bool:
        return name in self._found and self._found[name].ready()

    def needs(self, name: str) -> str | None:
        """Why nothing can run in it for now, and the command that mends it; None where it can."""
        if name not in self._found:
            return f"There is no environment {name}. {did_you_mean(name, self._found)}"
        failed_at, reason = self._failed.get(name, (-RETRY_SECONDS, ""))
        if self._found[name].ready() or time.monotonic() - failed_at >= RETRY_SECONDS:
            return None
        return reason

    async def build(
        self, name: str, progress: Callable[[str], None] = lambda _line: None
    ) -> Environment:
        """Build it unless it is there. Raises EnvironmentError_."""
        environment = self.get(name)
        if not environment.ready():
            try:
                async with _locked(environment, progress):
                    if not environment.ready():
                        await _build(environment, progress)
            except (EnvironmentError_, OSError) as error:
                reason = _reason(environment, error)
                self._failed[name] = (time.monotonic(), reason)
                raise EnvironmentError_(reason) from error
        # A cache that is read-only, as in a container, keeps all that it has.
        with contextlib.suppress(OSError):
            os.utime(environment.complete)
        self._failed.pop(name, None)
        return environment


@contextlib.asynccontextmanager
async def _locked(environment: Environment, progress: Callable[[str], None]) -> AsyncIterator[None]:
    """One builder at a time, of this process or another; a killed one lets go."""
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
    """Remove what a killed builder left, and what no lock has asked for in a month."""
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
    """Run uv; its own words are the error's. Raises EnvironmentError_."""
    process = await asyncio.create_subprocess_exec(
        find_uv_bin(),
        *arguments,
        # Not where we were started: uv reads the pyproject.toml of a project it stands in.
        cwd=HERE,
        env=os.environ | await asyncio.to_thread(uv_variables, os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise EnvironmentError_(said.decode(errors="replace").strip())


def _reason(environment: Environment, error: Exception) -> str:
    lines = [line.strip(" ×├╰─▶·") for line in str(error).splitlines()]
    # What uv says of its own doing comes first, what is wrong after it.
    start = next((i for i, line in enumerate(lines) if line.startswith("error:")), 0)
    said = " ".join(filter(None, lines[start:])).removeprefix("error: ")
    return (
        f"The environment {environment.name} could not be built: {said.rstrip('.')[:MOST_SAID]}. "
        f"{advice(said)}. Then type: {command()} prepare {environment.name}"
    )


def command() -> str:
    """How this installation's `quiz` is typed from where we stand."""
    script = Path(sys.executable).with_name("quiz")
    found = shutil.which("quiz")
    if not script.exists() or (found and Path(found).samefile(script)):
        return "quiz"
    with contextlib.suppress(ValueError):
        return str(script.relative_to(Path.cwd()))
    return str(script)
