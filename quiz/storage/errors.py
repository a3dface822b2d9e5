"""What is wrong with a database file, in words for the person who started the server."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path

from quiz.errors import QuizError

# SQLite reports a full disk in several ways. With less free space than this the disk is the cause.
FREE_BYTES = 1_000_000
FOLDER = "folder with --data (QUIZ_DATA)"


class StorageError(QuizError):
    """The database cannot be used. The message names the file and says what to do."""

    exit_status = 3


def unusable(path: Path, error: Exception) -> StorageError:
    """The StorageError for an error of the operating system, of SQLite or of SQLAlchemy."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", "")
    number = getattr(cause, "errno", None)
    folder = _nearest(path.parent)
    elsewhere = f"choose another {FOLDER}"
    if name.startswith("SQLITE_BUSY"):
        said = f"{path} is in use by another program. End that program, or {elsewhere}."
    elif path.is_dir():
        said = f"{path} is a folder, not a database. Move it away, or {elsewhere}."
    elif name == "SQLITE_NOTADB":
        said = f"{path} is not a database. Move it away, or {elsewhere}."
    elif number == errno.ENOSPC or shutil.disk_usage(folder).free < FREE_BYTES:
        said = f"{path} cannot be written: the disk is full. Make room, or {elsewhere}."
    elif not folder.is_dir():
        said = f"{path} cannot be made: {folder} is a file. Move it away, or {elsewhere}."
    elif name.startswith("SQLITE_READONLY") or not _writable(path, folder):
        said = f"{path} cannot be written: it is read-only for you. Allow it, or {elsewhere}."
    elif isinstance(cause, sqlite3.DatabaseError) and path.exists():
        said = f"{path} is damaged ({cause}). Put a copy in its place, or {elsewhere}."
    else:
        said = f"{path} cannot be used as the database: {cause}. Move it away, or {elsewhere}."
    return StorageError(said)


def _nearest(folder: Path) -> Path:
    """The folder itself, or its nearest parent that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _writable(path: Path, folder: Path) -> bool:
    return os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
