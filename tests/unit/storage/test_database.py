"""The database file: created, upgraded or refused, and what happens if a write fails."""

import ast
import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from quiz.storage import tables
from quiz.storage.errors import StorageError
from quiz.storage.migrations.upgrade import config, upgrade
from quiz.storage.storage import Storage
from tests.attempts import ANNA, attempt, exported, opened

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        yield storage


async def test_a_commit_is_flushed_to_the_disk(storage: Storage) -> None:
    assert await storage.database.write(pragmas) == ["wal", 2, 1]


def pragmas(connection: Connection) -> list[object]:
    names = ("journal_mode", "synchronous", "foreign_keys")
    return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]


async def test_a_write_that_sqlite_rolled_back_is_not_reported_as_stored(storage: Storage) -> None:
    def roll_back(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")

    both = (storage.database.write(roll_back) for _ in range(2))
    refused = await asyncio.gather(*both, return_exceptions=True)
    assert all(isinstance(one, StorageError) for one in refused)
    kept = await storage.attempts.add(attempt())
    assert await storage.attempts.latest(ANNA) == [kept]


def test_the_migrations_create_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
    with engine.begin() as connection:
        upgrade(connection, tmp_path / "migrated.sqlite3")
        assert differences(connection) == []
    engine.dispose()


async def test_a_new_file_is_at_the_newest_migration(storage: Storage) -> None:
    assert await storage.database.read(differences) == []


def differences(connection: Connection) -> list[object]:
    """Differences between the tables of the code and those of a file, including its version."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, tables.metadata)
    if (version := context.get_current_revision()) != tables.HEAD:
        found.append(version)
    return found


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [tables.HEAD]


def test_migrations_import_only_frozen_code() -> None:
    folder = ROOT / "quiz" / "storage" / "migrations"
    for file in [folder / "frozen.py", *(folder / "versions").glob("*.py")]:
        imported = [
            node.module or ""
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        ]
        ours = {name for name in imported if name.partition(".")[0] == "quiz"}
        assert ours <= {"quiz.storage.migrations.frozen"}, file.name


OLD = """
INSERT INTO attempt (id, learner, token, pack, question, kind, answer, score, revealed, at) VALUES
('1', 'a', '1', 'p', 'q', 'choice', '["o1"]', 0.0, 0, '2026-11-21 12:00:00.000000'),
('2', 'a', '2', 'p', 'q', 'choice', '["o2"]', 1.0, 0, '2026-11-21 12:01:00.000000'),
('3', 'a', '3', 'p', 'q', 'choice', '["o2"]', 0.5, 0, '2026-11-22 00:01:00.000000'),
('4', 'b', '4', 'p', 'q', 'choice', NULL, NULL, 1, '2026-11-21 12:00:00.000000');
"""


async def test_a_file_of_the_first_version_is_upgraded_with_its_rows(
    tmp_path: Path,
) -> None:
    path = tmp_path / "quiz.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        steps = config()
        steps.attributes["connection"] = connection
        command.upgrade(steps, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.executescript(OLD)
    async with opened(path) as storage:
        assert await storage.database.read(differences) == []
        assert [one.counted for one in await exported(storage, "a")] == [True, False, True]
        (standing,) = await storage.standings.all("a")
        assert (standing.n, standing.first.score, standing.counted.attempt) == (3, 0.0, "3")
        assert (await storage.standings.all("b"))[0].counted.revealed
        assert {one.drawn for one in await exported(storage, "a")} == {None}


async def refusal(path: Path) -> str:
    with pytest.raises(StorageError) as refused:
        await Storage(path).start()
    assert str(path) in str(refused.value)
    return str(refused.value)


async def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "quiz.sqlite3"
    async with opened(path):
        pass
    with sqlite3.connect(path) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    file.close()
    assert "written by a newer After Response" in await refusal(path)


async def test_a_file_that_is_not_a_database_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "quiz.sqlite3"
    path.write_text("Dear diary," * 100)
    reason = await refusal(path)
    assert "is not a database" in reason
    assert "--data" in reason
    assert path.read_text().startswith("Dear diary,")


async def test_the_database_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "quiz.sqlite3"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE song (title)")
    file.close()
    before = path.read_bytes()
    assert "the database of another program" in await refusal(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["folder", "file/quiz.sqlite3"])
async def test_a_path_that_cannot_be_a_file_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert "Move it away, or choose another folder" in await refusal(tmp_path / place)


OPEN = """
import asyncio, sys
from pathlib import Path
from quiz.storage.storage import Storage

async def main():
    storage = Storage(Path(sys.argv[1]))
    await storage.start()
    await storage.stop()

asyncio.run(main())
print("alembic" in sys.modules)
"""


def test_new_and_current_files_are_opened_without_alembic(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path / "quiz.sqlite3")]
    said = [subprocess.check_output(command, cwd=ROOT, text=True).strip() for _ in range(2)]
    assert said == ["False", "False"]


async def test_a_reading_connection_cannot_write(storage: Storage) -> None:
    with pytest.raises(StorageError, match="readonly"):
        await storage.database.read(lambda c: c.exec_driver_sql("DELETE FROM attempt"))


async def test_two_processes_that_start_at_once_share_one_database(tmp_path: Path) -> None:
    both = [Storage(tmp_path / "quiz.sqlite3") for _ in range(2)]
    await asyncio.gather(*(storage.start() for storage in both))
    first, again = await asyncio.gather(*(one.attempts.add(attempt()) for one in both))
    assert first == again
    assert [await one.attempts.latest(ANNA) for one in both] == [[first], [first]]
    for storage in both:
        await storage.stop()


def forbid_growth(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_a_full_disk_is_reported_and_nothing_is_stored(storage: Storage) -> None:
    # All writes share one connection.
    await storage.database.write(forbid_growth)
    with pytest.raises(StorageError, match="disk is full"):
        await storage.attempts.add(attempt(answer="x" * 100_000))
    assert await storage.attempts.latest(ANNA) == []
