"""aiosqlite connections that run a whole function of SQLAlchemy statements in one thread hop.

aiosqlite has a thread per connection, and SQLAlchemy's asyncio layer hops to that thread four times
per statement. Here the function itself runs in the thread, where no further hop is needed.
"""

import sqlite3
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import aiosqlite
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")

BUSY_SECONDS = 10
# The rows that aiosqlite fetches at a time where a cursor is iterated.
CHUNK_ROWS = 64


class Connection(aiosqlite.Connection):
    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call the function at once if this is the connection's thread already."""
        if threading.get_ident() == self._thread.ident:
            return fn(*args, **kwargs)
        result: T = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return result


async def connect(path: Path, pragmas: Sequence[str]) -> Connection:
    """An open connection that never begins a transaction by itself."""

    def connector() -> sqlite3.Connection:
        opened = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        for pragma in ("foreign_keys=ON", *pragmas):
            opened.execute(f"PRAGMA {pragma}").close()
        return opened

    connection = Connection(connector, CHUNK_ROWS)
    # As SQLAlchemy does with its own connections: a forgotten one must not keep the process alive.
    connection._thread.daemon = True
    try:
        return await connection  # type: ignore[return-value]
    except Exception:
        # aiosqlite has told its thread to end, which must not outlive the event loop.
        connection._thread.join()
        raise


class Held(NamedTuple):
    """A connection that is kept open. Its thread runs one function after another."""

    connection: AsyncConnection
    driver: Connection

    async def run(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """AsyncConnection.run_sync in the connection's thread: the event loop goes on meanwhile.

        If the caller is cancelled, the function still runs to its end.
        """
        unit = self.connection.run_sync(work, *args, **kwargs)
        return await self.driver._execute(partial(_finish, unit))

    async def close(self) -> None:
        await self.run(SyncConnection.close)


async def hold(engine: AsyncEngine) -> Held:
    connection = await engine.connect()
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, Connection)
    return Held(connection, driver)


def _finish(unit: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits for the event loop, in whatever thread."""
    try:
        unit.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    unit.close()
    raise RuntimeError("A statement waited for the event loop in the driver's thread.")
