"""The database: engines, reads and transactions. It does not know what the tables mean."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import Connection, Row, Select, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from quiz.storage.errors import StorageError
from quiz.storage.sqlite import driver, file
from quiz.storage.sqlite.group_commit import GroupCommit

P = ParamSpec("P")
T = TypeVar("T")

# Threads that read at the same time. More would not be faster: they share the interpreter's lock.
READERS = 4


class Engines(NamedTuple):
    writing: AsyncEngine
    reading: AsyncEngine


class Database:
    """Runs functions over a SQLAlchemy connection, in a read or in a transaction.

    The functions are synchronous and leave the event loop free. Readers never wait for writers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engines: Engines | None = None
        self._idle: list[driver.Held] = []
        self._readers = asyncio.Semaphore(READERS)

    async def open(self) -> None:
        """Create the file or bring it up to date. Raises StorageError."""
        engines = _engines(self.path)
        try:
            await file.make_ready(engines.writing, self.path)
        except BaseException:
            await engines.writing.dispose()
            raise
        self._writes = GroupCommit(await driver.hold(engines.writing))
        self._engines = engines

    async def close(self) -> None:
        """Finish the writes that were asked for and close the file."""
        engines, self._engines = self._engines, None
        if engines is None:
            return
        await self._writes.stop()
        for reader in self._idle:
            await reader.close()
        self._idle.clear()
        await engines.reading.dispose()
        await engines.writing.dispose()

    async def all(self, statement: Select[Any], **values: Any) -> Sequence[Row[Any]]:
        """All rows of one statement. Raises StorageError."""
        return await self.read(_all, statement, values)

    async def first(self, statement: Select[Any], **values: Any) -> Row[Any] | None:
        """The first row of one statement. Raises StorageError."""
        rows = await self.read(_all, statement, values)
        return rows[0] if rows else None

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of a function that reads. Raises StorageError."""
        engines = self._opened()
        try:
            async with self._readers:
                # Kept open: a checkout from the pool costs more than a short read.
                reader = self._idle.pop() if self._idle else await driver.hold(engines.reading)
                try:
                    return await reader.run(work, *args, **kwargs)
                finally:
                    self._idle.append(reader)
        except DatabaseError as error:
            raise StorageError(f"{self.path} could not be read: {error.orig}.") from error

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of a function in a transaction, once the disk has it. Raises StorageError."""
        self._opened()
        try:
            return await self._writes.run(lambda connection: work(connection, *args, **kwargs))
        except IntegrityError:
            raise  # a fault of the program, not of the disk
        except DatabaseError as error:
            raise StorageError(
                f"{self.path} could not be written: {error.orig}. Nothing was stored; try again"
                " once there is room on its disk and no other program holds it."
            ) from error

    def _opened(self) -> Engines:
        if self._engines is None:
            raise StorageError(f"{self.path} is not open.")
        return self._engines


def _engines(path: Path) -> Engines:
    writing = _engine(
        path,
        "synchronous=FULL",
        # A longer log and a larger cache: many answers at once write the same pages over and over.
        "wal_autocheckpoint=4000",
        "cache_size=-16000",
        pool_size=1,
        max_overflow=0,
    )
    event.listen(writing.sync_engine, "begin", _begin)
    event.listen(writing.sync_engine, "commit", _commit)
    reading = _engine(path, "query_only=ON", isolation_level="AUTOCOMMIT", pool_size=READERS)
    return Engines(writing, reading)


def _engine(path: Path, *pragmas: str, **options: Any) -> AsyncEngine:
    return create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        async_creator=partial(driver.connect, path, pragmas),
        pool_reset_on_return=None,
        **options,
    )


def _begin(connection: Connection) -> None:
    # Takes the write lock at once: another process is waited for here, never half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _commit(connection: Connection) -> None:
    # The driver's own commit is silent without a transaction, as after a full disk.
    connection.exec_driver_sql("COMMIT")


def _all(
    connection: Connection, statement: Select[Any], values: dict[str, Any]
) -> Sequence[Row[Any]]:
    return connection.execute(statement, values).all()
