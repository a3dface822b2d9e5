"""The database file at start: private, of this program, up to date, whole. Raises StorageError."""

import asyncio
import contextlib
import importlib
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from quiz.storage.errors import unusable
from quiz.storage.sqlite.driver import BUSY_SECONDS
from quiz.storage.tables import HEAD, alembic_version, metadata

RETRY_SECONDS = 0.05
# A file up to this size is checked whole before it is used: that takes some milliseconds.
CHECKED_BYTES = 8_000_000
# Other files that the app keeps beside the database.
OURS = ("proofs", "server.lock")


async def make_ready(engine: AsyncEngine, path: Path) -> None:
    """Create the file or bring its tables up to date, then check that it can be written."""
    try:
        _make_private(path)
        await _while_locked(lambda: _bring_up_to_date(engine, path))
        await _while_locked(lambda: _write_ahead(engine))
        await _while_locked(lambda: _check(engine, path))
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise unusable(path, error) from error


def _make_private(path: Path) -> None:
    """Answers and learners' hashes are private: the folder has mode 0700, its database 0600.

    A folder with other files in it keeps its mode, because others may need those.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_dir():
        return  # SQLite's own error reports it
    with contextlib.suppress(PermissionError):
        # SQLite gives its other files the mode of the database.
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    with contextlib.suppress(OSError):
        for file in path.parent.glob(f"{path.name}*"):
            file.chmod(0o600)
        if all(entry.name.startswith((path.name, *OURS)) for entry in path.parent.iterdir()):
            path.parent.chmod(0o700)


async def _while_locked(work: Callable[[], Awaitable[None]]) -> None:
    """SQLite does not wait for another process that turns WAL on, so this does."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return await work()
        except (sqlite3.OperationalError, OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            await asyncio.sleep(RETRY_SECONDS)


async def _bring_up_to_date(engine: AsyncEngine, path: Path) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(_create_or_upgrade, path)


def _create_or_upgrade(connection: Connection, path: Path) -> None:
    if not inspect(connection).get_table_names():
        # A new file needs no history: Alembic would take 25 MB of memory.
        metadata.create_all(connection)
        alembic_version.create(connection)
        connection.execute(insert(alembic_version).values(version_num=HEAD))
        return
    found = inspect(connection).has_table(alembic_version.name)
    version = connection.execute(select(alembic_version)).scalar() if found else None
    if version != HEAD:
        importlib.import_module("quiz.storage.migrations.upgrade").upgrade(connection, path)


async def _write_ahead(engine: AsyncEngine) -> None:
    # Only now, because the mode is kept in the file, which might have been another program's.
    await _pragma(engine, "journal_mode=WAL")


async def _check(engine: AsyncEngine, path: Path) -> None:
    """Refuse a damaged or read-only file now, not at the first answer."""
    version = await _pragma(engine, "user_version")
    await _pragma(engine, f"user_version={version}")
    if _size(path) <= CHECKED_BYTES:
        found = await _pragma(engine, "quick_check(1)")
        if found != "ok":
            raise sqlite3.DatabaseError(found)


def _size(path: Path) -> int:
    return path.stat().st_size


async def _pragma(engine: AsyncEngine, text: str) -> object:
    """The first value of a pragma outside of any transaction."""
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        rows = await driver.execute_fetchall(f"PRAGMA {text}")
    return rows[0][0] if rows else None
