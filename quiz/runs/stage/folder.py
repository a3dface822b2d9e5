"""The private folders of runs, in one folder that only the user of the server can enter.

A supervisor locks the folder of its run, and the system releases the lock when the supervisor ends.
A folder without a lock was left behind by a supervisor and a zygote that were killed together.
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
from quiz.runs.stage.probe.writer import PIPE

# The folder of a run, and a folder that is being made. The second has no lock yet.
NAME, UNNAMED = re.compile("[0-9a-f]{16}"), re.compile(r"\.[0-9a-f]{16}")
MADE_SECONDS = 60.0
KILLED_SECONDS = 5.0


class FolderError(Exception):
    """The parent folder is not private. Learners see the message."""


def place() -> Path:
    """The parent folder of the runs of this user on this machine."""
    return Path(tempfile.gettempdir()) / f"after-response-{os.geteuid()}"


def folder_of(run: str) -> Path:
    return place() / run


def make(run: str) -> Path:
    """Make and lock the folder of a run, with the pipe for its events. Raises FolderError.

    It is renamed after it is locked, so that `sweep` does not remove it.
    """
    unnamed = folder_of(f".{run}")
    while True:
        _make_place()
        # Another process may remove the parent folder together with the last run's folder.
        with contextlib.suppress(FileNotFoundError):
            unnamed.mkdir(mode=0o700)
            os.mkfifo(unnamed / PIPE, 0o600)
            break
    # The descriptor stays open, so the folder is locked until this process ends.
    fcntl.flock(os.open(unnamed, os.O_RDONLY | os.O_DIRECTORY), fcntl.LOCK_EX)
    return unnamed.rename(folder_of(run))


def remove(run: str) -> None:
    for folder in (folder_of(run), folder_of(f".{run}")):
        shutil.rmtree(folder, ignore_errors=True)
    # Fails if it contains the folders of other runs.
    with contextlib.suppress(OSError):
        place().rmdir()


def size(folder: Path) -> int:
    """The bytes that the files of a folder and its subfolders use on the disk."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
    return total


def sweep() -> None:
    """Remove the folders of dead runs, and kill the processes that work in them."""
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
    """Whether it is a folder of this user, not a link, that other users cannot enter."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return True  # It was removed a moment ago and will be made again.
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_ours and not found.st_mode & 0o077


def _abandoned() -> Iterator[Path]:
    """The folders of dead runs. Each is locked while the caller uses it.

    The lock keeps other processes that sweep at the same time away from it.
    """
    if not place().exists() or not _is_private(place()):
        return
    for folder in place().iterdir():
        with contextlib.suppress(OSError), _opened(folder) as fd:
            if _is_marked(folder, os.fstat(fd)):
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder


def _is_marked(folder: Path, found: os.stat_result) -> bool:
    """Whether its name and its pipe are those of a run, or it was made too long ago."""
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
