"""The web process's end of the stream to a zygote.

Starts it, writes what is asked, hands on what is said.
It knows nothing of runs but their ids. When a zygote dies it says so; the next ask starts another.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from quiz.errors import QuizError
from quiz.runs.stage import bootstrap, wire

logger = logging.getLogger("quiz.runs")
Said = Callable[[dict[str, Any]], None]
# A line may hold a traceback or an event with its detail; far longer ones are a fault.
_LINE_LIMIT = 1 << 20
_FAREWELL_SECONDS = 4.0


class ZygoteError(QuizError):
    """A zygote that did not come up."""


class Zygote:
    """A live zygote of one environment.

    `said` gets each message, `died` is called once when it ends unasked.
    """

    def __init__(self, process: asyncio.subprocess.Process, versions: Mapping[str, str]) -> None:
        self._process = process
        self.versions = versions
        self._stopping = False
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, python: Path, said: Said, died: Callable[[], None]) -> "Zygote":
        """Warm one: about a second of one core."""
        process = await asyncio.create_subprocess_exec(
            python,
            Path(bootstrap.__file__),
            "zygote",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=_LINE_LIMIT,
            start_new_session=True,
        )
        try:
            greeting = await _greeting(process)
        except BaseException:
            # Whoever started us may have been cancelled: nobody else would end it.
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        zygote = cls(process, greeting["versions"])
        zygote._reader = asyncio.create_task(zygote._read(said, died))
        return zygote

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(wire.pack(message))

    async def stop(self) -> None:
        """Close its input, which ends it and all that it owns."""
        self._stopping = True
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _FAREWELL_SECONDS)
        except TimeoutError:
            os.kill(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        if self._reader:
            await self._reader

    async def _read(self, said: Said, died: Callable[[], None]) -> None:
        """Pass on each message until the zygote ends. One that raises kills the zygote."""
        try:
            await self._hear(said)
        except Exception:
            logger.exception("A zygote could not be heard and was killed.")
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        if not self._stopping:
            died()

    async def _hear(self, said: Said) -> None:
        """Raises ValueError for a line that is longer than any can be."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            try:
                message = json.loads(line)
            except ValueError:
                logger.error("A zygote said what is no JSON: %.200r", line)
                continue
            said(message)


async def _greeting(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    greeting: dict[str, Any] = json.loads(line) if line else {}
    if greeting.get("ready") != wire.VERSION:
        raise ZygoteError(
            "The environment did not come up: see the log above. "
            "Delete its folder in the cache and start again; it is then built anew."
        )
    return greeting


def _environment() -> dict[str, str]:
    """Ours without what is meant for us: a run must not depend on how the quiz was started."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QUIZ_", "PYTHON", "VIRTUAL_ENV", "UV_", "PIP_", "COV_"))
    } | {"PYTHONUNBUFFERED": "1"}
