"""An environment: a locked set of packages and the folder in the cache where it is built."""

import hashlib
import platform
import sys
import sysconfig
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quiz.errors import QuizError

# Part of every key. Raise it when the builder writes something else into a folder.
FORMAT = 1
COMPLETE = ".complete"
PROBE_FILE = "after_response_probe.pth"
# The module `site` executes a line that starts with `import`. In a venv it does so twice, at least
# up to Python 3.13. Without the variable the line costs one look-up.
PROBE_LINE = (
    'import os, sys; _p = os.environ.get("AFTER_RESPONSE_PROBE"); '
    '_p and not hasattr(sys, "_after_response") and (setattr(sys, "_after_response", _p), '
    'exec(compile(open(_p).read(), _p, "exec"), {"__name__": "after_response_probe"}))\n'
)


class BuildError(QuizError):
    """An environment is unknown or could not be built. The message names the command to type."""


@dataclass(frozen=True)
class Environment:
    """`lock` is the file with exact versions and hashes, `cache` the root of all built folders."""

    name: str
    lock: Path
    cache: Path

    @cached_property
    def key(self) -> str:
        """Changes with everything that a built folder depends on."""
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
        """An empty file that the builder writes last."""
        return self.folder / COMPLETE

    def ready(self) -> bool:
        # The interpreter is a link to the Python of the build, which may have been removed.
        return self.complete.is_file() and self.python.exists()
