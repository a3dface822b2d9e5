"""The file: its engines, its pragmas, and whether it is ours. What the tables mean it knows not."""

import contextlib
import errno
import importlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from quiz.errors import QuizError
from quiz.storage.tables import HEAD, alembic_version, metadata

BUSY_SECONDS = 10
# A file up to this size is checked whole before it is used: that takes some milliseconds.
CHECKED_BYTES = 8_000_000
# SQLite tells of a full disk in several ways. With less room than this the disk is the cause.
ROOM_BYTES = 1_000_000
# What else the app keeps beside the database.
OURS = ("proofs", "server.lock")
FOLDER = "folder with --data (QUIZ_DATA)"


class StorageError(QuizError):
    """The database cannot be used; the message names the file and the mend."""

    exit_status = 3


def open_engines(path: Path) -> tuple[Engine, Engine]:
    """One that writes and one that reads, over today's tables. Raises StorageError."""
    writing = _engine(
        path,
        "PRAGMA synchronous=FULL",
        # A longer log and a larger cache: a storm of answers writes the same pages over and over.
        "PRAGMA wal_autocheckpoint=4000",
        "PRAGMA cache_size=-16000",
    )
    event.listen(writing, "begin", _begin)
    event.listen(writing, "commit", _commit)
    try:
        _make_private(path)
        _patiently(lambda: _bring_up_to_date(writing, path))
        _patiently(lambda: _write_ahead(writing))
        _patiently(lambda: _check(writing, path))
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        writing.dispose()
        raise unusable(path, error) from error
    except QuizError:
        writing.dispose()
        raise
    reading = _engine(
        path, "PRAGMA query_only=ON", isolation_level="AUTOCOMMIT", pool_reset_on_return=None
    )
    return writing, reading


def _make_private(path: Path) -> None:
    """Answers and learners' hashes are private: the folder has mode 0700, its database 0600.

    A folder with other files in it keeps its mode, because others may need those.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_dir():
        return  # SQLite's own error tells it
    with contextlib.suppress(PermissionError):
        # SQLite gives its other files the mode of the database.
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    with contextlib.suppress(OSError):
        for file in path.parent.glob(f"{path.name}*"):
            file.chmod(0o600)
        if all(entry.name.startswith((path.name, *OURS)) for entry in path.parent.iterdir()):
            path.parent.chmod(0o700)


def _engine(path: Path, *pragmas: str, **options: Any) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, **options)

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver begins no transaction of its own accord: we say when, and which.
        connection.isolation_level = None
        for pragma in ("PRAGMA foreign_keys=ON", *pragmas):
            connection.execute(pragma).close()

    event.listen(engine, "connect", prepare)
    return engine


def _begin(connection: Connection) -> None:
    # Takes the write lock at once: another process is waited for here and never half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _commit(connection: Connection) -> None:
    # The driver's own is silent when there is no transaction any more, as after a full disk.
    connection.exec_driver_sql("COMMIT")


def _patiently(work: Callable[[], None]) -> None:
    """SQLite does not wait for another process that makes the file a WAL one, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return work()
        except (sqlite3.OperationalError, OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _bring_up_to_date(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            # A new file needs no history: Alembic would stay in memory with 25 MB.
            metadata.create_all(connection)
            alembic_version.create(connection)
            connection.execute(insert(alembic_version).values(version_num=HEAD))
            return
        found = inspect(connection).has_table(alembic_version.name)
        version = connection.execute(select(alembic_version)).scalar() if found else None
    if version != HEAD:
        importlib.import_module("quiz.storage.migrations.upgrade").upgrade(engine, path)


def _write_ahead(engine: Engine) -> None:
    # Not before the file is known to be ours: it is kept in the file, for whoever opens it next.
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")


def _check(engine: Engine, path: Path) -> None:
    """A file that is damaged or cannot be written is refused now, not at the first answer."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        version = cursor.execute("PRAGMA user_version").fetchone()[0]
        cursor.execute(f"PRAGMA user_version={version}")
        if path.stat().st_size <= CHECKED_BYTES:
            found = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)


def unusable(path: Path, error: Exception) -> StorageError:
    """What is wrong with the file, and what to do about it."""
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
    elif number == errno.ENOSPC or shutil.disk_usage(folder).free < ROOM_BYTES:
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
    """The folder itself, or what exists of the way to it."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _writable(path: Path, folder: Path) -> bool:
    return os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
