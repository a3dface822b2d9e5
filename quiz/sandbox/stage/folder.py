"""A run's private folder: made, found again by the run's id, swept where nobody owns it.

An owner holds a lock on its run's folder, which the system lifts however the owner ends. What is
not locked was left behind when owner and zygote were killed in one instant.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from quiz.sandbox.stage import tree

PREFIX = "after-response-"
# One that is being made has no lock yet, for some microseconds.
UNNAMED = f".{PREFIX}"
MADE_SECONDS = 60.0
KILLED_SECONDS = 5.0


def folder_of(run: str) -> Path:
    return Path(tempfile.gettempdir()) / f"{PREFIX}{run}"


def make(run: str) -> Path:
    """It gets its name when it is locked, so that no sweep ever takes it for a dead run's."""
    unnamed = folder_of(run).with_name(f"{UNNAMED}{run}")
    unnamed.mkdir(mode=0o700)
    # Never closed: locked as long as this process lives.
    fcntl.flock(os.open(unnamed, os.O_RDONLY | os.O_DIRECTORY), fcntl.LOCK_EX)
    return unnamed.rename(folder_of(run))


def remove(run: str) -> None:
    for folder in (folder_of(run), folder_of(run).with_name(f"{UNNAMED}{run}")):
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """End whatever works in folders that nobody owns any more, and remove these."""
    for folder in _abandoned():
        deadline = time.monotonic() + KILLED_SECONDS
        while (workers := tree.working_in(folder)) and time.monotonic() < deadline:
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.005)
        shutil.rmtree(folder, ignore_errors=True)


def _abandoned() -> Iterator[Path]:
    """Ours alone. Each is locked while it is dealt with, so that two sweeps share the work."""
    place = Path(tempfile.gettempdir())
    for folder in (*place.glob(f"{PREFIX}*"), *place.glob(f"{UNNAMED}*")):
        with contextlib.suppress(OSError), _opened(folder) as fd:
            found = os.fstat(fd)
            fresh = folder.name.startswith(".") and time.time() - found.st_mtime < MADE_SECONDS
            if found.st_uid == os.geteuid() and not fresh:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield fd
    finally:
        os.close(fd)
