"""A run's private folder: made, found again by the run's id, swept if its owner is gone.

All lie in one folder that only the server's user can enter. An owner holds a lock on its run's
folder, which the system lifts however the owner ends. A folder without a lock was left behind when
owner and zygote were killed in one instant.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from quiz.runs.stage import tree
from quiz.runs.stage.probe.probe import PIPE

# A run's id, and one that is being made: for some microseconds it has no lock yet.
NAME, UNNAMED = re.compile("[0-9a-f]{16}"), re.compile(r"\.[0-9a-f]{16}")
MADE_SECONDS = 60.0
KILLED_SECONDS = 5.0


class FolderError(Exception):
    """The place for the folders of runs cannot be trusted; the message is shown to the learner."""


def place() -> Path:
    """Where the runs of this user have their folders, on this machine."""
    return Path(tempfile.gettempdir()) / f"after-response-{os.geteuid()}"


def folder_of(run: str) -> Path:
    return place() / run


def make(run: str) -> Path:
    """The folder with the pipe for the run's events in it. Raises FolderError.

    It gets its name when it is locked, so that no sweep takes it for a dead run's.
    """
    unnamed = folder_of(f".{run}")
    while True:
        _make_place()
        # Removing the last other run's folder also removes the place.
        with contextlib.suppress(FileNotFoundError):
            unnamed.mkdir(mode=0o700)
            os.mkfifo(unnamed / PIPE, 0o600)
            break
    # Never closed: locked as long as this process lives.
    fcntl.flock(os.open(unnamed, os.O_RDONLY | os.O_DIRECTORY), fcntl.LOCK_EX)
    return unnamed.rename(folder_of(run))


def remove(run: str) -> None:
    for folder in (folder_of(run), folder_of(f".{run}")):
        shutil.rmtree(folder, ignore_errors=True)
    # Fails as long as others are in it.
    with contextlib.suppress(OSError):
        place().rmdir()


def size(folder: Path) -> int:
    """The bytes that the files below it take on the disk."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
    return total


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
    with contextlib.suppress(OSError):
        place().rmdir()


def _make_place() -> None:
    with contextlib.suppress(FileExistsError):
        place().mkdir(mode=0o700)
    if not _is_private(place()):
        raise FolderError(
            f"{place()} exists and is not a private folder of this user, so it cannot hold runs."
            " Remove it, or set TMPDIR to a folder of your own."
        )


def _is_private(folder: Path) -> bool:
    """A folder, not a link to one, that belongs to us and that others cannot enter."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return True  # Removed in this moment: it is made again.
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_ours and not found.st_mode & 0o077


def _abandoned() -> Iterator[Path]:
    """Those that carry a run's mark.

    Each is locked while it is dealt with, so that two sweeps share the work.
    """
    if not place().exists() or not _is_private(place()):
        return
    for folder in place().iterdir():
        with contextlib.suppress(OSError), _opened(folder) as fd:
            if _is_marked(folder, os.fstat(fd)):
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder


def _is_marked(folder: Path, found: os.stat_result) -> bool:
    """Whether it is a run's, by its name and the pipe in it, or was left while it was made."""
    if found.st_uid != os.geteuid():
        return False
    if UNNAMED.fullmatch(folder.name):
        return time.time() - found.st_mtime >= MADE_SECONDS
    return bool(NAME.fullmatch(folder.name)) and (folder / PIPE).is_fifo()


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield fd
    finally:
        os.close(fd)
