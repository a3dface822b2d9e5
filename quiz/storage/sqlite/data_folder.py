"""The data folder: private to its user, and used by one server at a time."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from quiz.storage.errors import FOLDER, StorageError, unusable

LOCK = "server.lock"


@contextlib.contextmanager
def only_server(database: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises StorageError if another server holds it.

    A second server would mark the first server's live runs as failed. The kernel releases the lock
    when the process ends, even after a kill.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(database.parent / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(database, error) from error
    try:
        _lock(file, database)
        yield
    finally:
        os.close(file)


def _lock(file: int, database: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
    except BlockingIOError:
        raise StorageError(
            f"{database.parent} is in use by another server (process {_holder(file)}): stop that"
            f" server, or choose another {FOLDER}."
        ) from None
    except OSError as error:
        raise unusable(database, error) from error


def _holder(file: int) -> str:
    return os.pread(file, 20, 0).decode("ascii", "replace") or "unknown"
