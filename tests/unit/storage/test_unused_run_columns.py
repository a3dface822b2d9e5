"""Migration 0011 drops two columns of `run` and keeps the rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from quiz.storage.migrations.upgrade import config
from tests.attempts import opened

OLD_RUN = """
INSERT INTO run (id, demo, variant, environment, parameters, status, "group", created, started,
                 memory_mb, seconds, kept, evicted)
VALUES (?, 'd', 'v', 'current', '{"s": 1}', ?, NULL, '2026-11-21 12:00:00.000000', NULL,
        60, 1, 0, 0)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database at migration 0010 with a finished run and one that says it is running."""
    path = tmp_path / "quiz.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        steps = config()
        steps.attributes["connection"] = connection
        command.upgrade(steps, "0010")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.executemany(OLD_RUN, [("over", "finished"), ("lost", "running")])
        file.execute("INSERT INTO record (run, body) VALUES ('over', x'00')")
        file.commit()
    return path


async def test_old_runs_open_after_the_columns_are_dropped(old: Path) -> None:
    async with opened(old):
        pass
    with closing(sqlite3.connect(old)) as file:
        columns = {row[1] for row in file.execute("PRAGMA table_info(run)")}
        rows = file.execute(
            "SELECT id, status, parameters, body FROM run LEFT JOIN record ON run = id"
        )
        assert sorted(rows) == [
            ("lost", "queued", '{"s": 1}', None),
            ("over", "finished", '{"s": 1}', b"\0"),
        ]
    assert columns.isdisjoint({"group", "started"})


async def test_a_run_stored_as_running_is_found_unfinished(old: Path) -> None:
    async with opened(old) as storage:
        assert [row["id"] for row in await storage.runs.unfinished()] == ["lost"]
