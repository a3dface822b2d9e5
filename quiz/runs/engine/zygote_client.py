"""Client of a zygote process: starts it, sends messages to it, passes its messages on.

A zygote is a warm process of one environment, from which runs are forked. The client knows neither
the content of messages nor runs.
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
OnMessage = Callable[[dict[str, Any]], None]
# A line may hold a traceback or an event with details. A longer line is a fault.
_LINE_LIMIT = 1 << 20
_SHUTDOWN_SECONDS = 4.0


class ZygoteError(QuizError):
    """A zygote did not start."""


class Zygote:
    """A running zygote. `versions` maps Python and the packages of its environment to versions."""

    def __init__(self, process: asyncio.subprocess.Process, versions: Mapping[str, str]) -> None:
        self.versions = versions
        self._process = process
        self._stopping = False
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, python: Path, on_message: OnMessage, on_exit: Callable[[], None]
    ) -> "Zygote":
        """Start a zygote, which takes about a second of one core. Raises ZygoteError.

        `on_message` receives each message. `on_exit` is called once if the zygote ends by itself.
        """
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
            # After a cancellation, nothing else would end the process.
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        zygote = cls(process, greeting["versions"])
        zygote._reader = asyncio.create_task(zygote._read(on_message, on_exit))
        return zygote

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; `stage/wire.py` lists them."""
        assert self._process.stdin is not None
        self._process.stdin.write(wire.pack(message))

    async def stop(self) -> None:
        """Close the zygote's input. It then ends, with all processes of its runs."""
        self._stopping = True
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _SHUTDOWN_SECONDS)
        except TimeoutError:
            os.kill(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        if self._reader:
            await self._reader

    async def _read(self, on_message: OnMessage, on_exit: Callable[[], None]) -> None:
        """Pass on each message until the zygote ends. If that raises, the zygote is killed."""
        try:
            await self._pass_on(on_message)
        except Exception:
            logger.exception("A message of a zygote could not be handled. The zygote was killed.")
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        if not self._stopping:
            on_exit()

    async def _pass_on(self, on_message: OnMessage) -> None:
        """Raises ValueError if a line is longer than the limit."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            try:
                message = json.loads(line)
            except ValueError:
                logger.error("A zygote sent a line that is not JSON: %.200r", line)
                continue
            on_message(message)


async def _greeting(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    greeting: dict[str, Any] = json.loads(line) if line else {}
    if greeting.get("ready") != wire.VERSION:
        raise ZygoteError(
            "The environment did not start: see the log above. "
            "Delete its folder in the cache and run again; the environment is then rebuilt."
        )
    return greeting


def _environment() -> dict[str, str]:
    """The variables of this process without those that configure it, Python or its tools.

    A run must not depend on how the quiz was started.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QUIZ_", "PYTHON", "VIRTUAL_ENV", "UV_", "PIP_", "COV_"))
    } | {"PYTHONUNBUFFERED": "1"}
