"""Reads and writes run in threads: the event loop goes on, and readers never wait for writers."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, RootTransaction, text

from quiz.storage.database import READERS, Database
from quiz.storage.errors import StorageError

ADD = text("INSERT INTO day SELECT 'a', count(*), 1, 0, 0, 0, 0, 0, 0, 0, 0 FROM day")
COUNT = text("SELECT count(*) FROM day")
SECONDS = 5.0


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "quiz.sqlite3")
    await database.open()
    yield database
    await database.close()


def add(connection: Connection) -> None:
    connection.execute(ADD)


def count(connection: Connection) -> int:
    return int(connection.execute(COUNT).scalar_one())


async def test_the_event_loop_runs_during_a_read(database: Database) -> None:
    going_on = threading.Event()
    reading = asyncio.create_task(database.read(lambda _: going_on.wait(SECONDS)))
    await asyncio.sleep(0)
    going_on.set()
    assert await reading


async def test_the_event_loop_runs_during_a_write(database: Database) -> None:
    going_on = threading.Event()
    writing = asyncio.create_task(database.write(lambda _: going_on.wait(SECONDS)))
    await asyncio.sleep(0)
    going_on.set()
    assert await writing


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    is_read, has_written = threading.Event(), threading.Event()

    def write_slowly(connection: Connection) -> bool:
        add(connection)
        has_written.set()
        return is_read.wait(SECONDS)

    writing = asyncio.create_task(database.write(write_slowly))
    assert await asyncio.to_thread(has_written.wait, SECONDS)
    assert await database.read(count) == 0
    is_read.set()
    assert await writing
    assert await database.read(count) == 1


async def test_several_readers_read_at_the_same_time(database: Database) -> None:
    meeting = threading.Barrier(READERS)
    reads = (database.read(lambda _: meeting.wait(SECONDS)) for _ in range(2 * READERS))
    assert sorted(await asyncio.gather(*reads)) == sorted([*range(READERS)] * 2)


async def test_all_statements_of_a_function_run_in_one_thread(database: Database) -> None:
    def threads(connection: Connection) -> set[int]:
        found = set()
        for _ in range(3):
            count(connection)
            found.add(threading.get_ident())
        return found

    (thread,) = await database.read(threads)
    assert thread != threading.get_ident()


async def test_a_cancelled_read_affects_no_later_read(database: Database) -> None:
    going_on = threading.Event()
    for _ in range(2 * READERS):
        reading = asyncio.create_task(database.read(lambda _: going_on.wait(SECONDS)))
        await asyncio.sleep(0)
        reading.cancel()
    going_on.set()
    found = await asyncio.gather(*(database.read(count) for _ in range(2 * READERS)))
    assert found == [0] * 2 * READERS


async def test_a_failed_read_affects_no_later_read(database: Database) -> None:
    for _ in range(2 * READERS):
        with pytest.raises(StorageError, match="could not be read: no such table: missing"):
            await database.read(lambda c: c.execute(text("SELECT * FROM missing")))
    assert await database.read(count) == 0


async def test_concurrent_writes_share_one_transaction(database: Database) -> None:
    def transaction(connection: Connection) -> RootTransaction | None:
        add(connection)
        return connection.get_transaction()

    found = await asyncio.gather(*(database.write(transaction) for _ in range(20)))
    assert len(set(found)) == 1
    assert await database.read(count) == 20


async def test_a_failed_write_is_undone_and_others_are_stored(database: Database) -> None:
    def fail(connection: Connection) -> None:
        add(connection)
        raise LookupError

    writes = [database.write(add), database.write(fail), database.write(add)]
    first, failed, last = await asyncio.gather(*writes, return_exceptions=True)
    assert (first, type(failed), last) == (None, LookupError, None)
    assert await database.read(count) == 2


async def test_a_refused_file_leaves_no_thread(tmp_path: Path) -> None:
    (tmp_path / "quiz.sqlite3").write_text("Dear diary," * 100)
    before = set(threading.enumerate())
    with pytest.raises(StorageError):
        await Database(tmp_path / "quiz.sqlite3").open()
    # A thread of an earlier test may end meanwhile.
    assert set(threading.enumerate()) <= before
