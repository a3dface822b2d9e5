"""A run's learner and its slot are two columns, so that erasing finds every run of a learner."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from quiz.storage.migrations.upgrade import config
from tests.attempts import ANNA, BERT, opened
from tests.stored_runs import run

OLD_RUN = """
INSERT INTO run (id, demo, variant, environment, parameters, status, learner, created, memory_mb,
                 seconds, kept, evicted)
VALUES (?, 'd', 'v', 'current', '{}', 'finished', ?, '2026-11-21 12:00:00.000000', 60, 1, 0, 0)
"""


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    """A database of the version before: Anna has answered, Bert has erased everything."""
    path = tmp_path / "quiz.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        steps = config()
        steps.attributes["connection"] = connection
        command.upgrade(steps, "0009")
    engine.dispose()
    runs = {
        "own": ANNA,
        "side": f"{ANNA} 1",
        "erased": f"{BERT} 0",
        "wall": "room p q",
        "none": None,
    }
    with closing(sqlite3.connect(path)) as file:
        file.executemany(OLD_RUN, runs.items())
        file.commit()
    return path


async def test_a_migrated_run_has_its_learner_and_its_slot(migrated: Path) -> None:
    async with opened(migrated) as storage:
        rows = {
            id: await storage.runs.get(id) or {} for id in ("own", "side", "erased", "wall", "none")
        }
    assert {id: (row["learner"], row["slot"]) for id, row in rows.items()} == {
        "own": (ANNA, ""),
        "side": (ANNA, "1"),
        "erased": (None, ""),
        "wall": (None, "room p q"),
        "none": (None, ""),
    }


async def test_erasing_leaves_no_hash_in_any_run(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        for place, slot in enumerate(("", "side 0", "side 1", "attempt 5")):
            await storage.runs.add(run(str(place), slot=slot))
        await storage.runs.add(run("other", learner=BERT))
        await storage.learners.erase(ANNA)
        assert (await storage.runs.get("other") or {})["learner"] == BERT
    with closing(sqlite3.connect(tmp_path / "quiz.sqlite3")) as file:
        dump = "\n".join(file.iterdump())
    assert ANNA not in dump
    assert "attempt 5" not in dump
