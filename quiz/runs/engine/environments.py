"""The environments of this server: found by their locks, built in the cache on first use.

A new environment is a pair of files in a folder of locks: NAME.in and NAME.txt, which `make lock`
writes. The module knows neither demos nor runs.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from quiz.demos import locks
from quiz.errors import did_you_mean
from quiz.runs.engine import builder
from quiz.runs.engine.environment import BuildError, Environment

# A failed build is retried, but not at every press of Run.
RETRY_SECONDS = 30.0


class Environments:
    """`roots` are folders of locks; if two contain the same name, the first is used."""

    def __init__(self, roots: tuple[Path, ...], cache: Path) -> None:
        self._found: dict[str, Environment] = {}
        self._failed: dict[str, tuple[float, str]] = {}
        # `quiz check` reports the other files of these folders.
        for name, lock in locks.Locks.below(roots).found.items():
            self._found[name] = Environment(name, lock, cache)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._found)

    def get(self, name: str) -> Environment:
        """Raises BuildError if there is no such environment."""
        if name not in self._found:
            raise BuildError(self._unknown(name))
        return self._found[name]

    def ready(self, name: str) -> bool:
        return name in self._found and self._found[name].ready()

    def needs(self, name: str) -> str | None:
        """Why no run can use the environment now, and the command that fixes it; else None."""
        if name not in self._found:
            return self._unknown(name)
        failed_at, reason = self._failed.get(name, (-RETRY_SECONDS, ""))
        if self._found[name].ready() or time.monotonic() - failed_at >= RETRY_SECONDS:
            return None
        return reason

    async def build(
        self, name: str, progress: Callable[[str], None] = lambda _line: None
    ) -> Environment:
        """Build the environment unless it is built. Raises BuildError.

        `progress` receives sentences for people.
        """
        environment = self.get(name)
        if not environment.ready():
            try:
                await builder.build(environment, progress)
            except BuildError as error:
                self._failed[name] = (time.monotonic(), str(error))
                raise
        # The time of last use, see builder. A cache may be read-only, as in a container.
        with contextlib.suppress(OSError):
            os.utime(environment.complete)
        self._failed.pop(name, None)
        return environment

    def _unknown(self, name: str) -> str:
        return f"There is no environment {name}. {did_you_mean(name, self._found)}"
