"""A learner's history: exported, imported and erased."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from quiz.storage.learners import Imported
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, exported, opened
from tests.stored_runs import ended


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "data" / "quiz.sqlite3") as storage:
        yield storage


async def test_an_export_can_be_imported_elsewhere_and_only_once(
    storage: Storage, tmp_path: Path
) -> None:
    for place in range(3):
        await storage.attempts.add(attempt(str(place), at=NOON - timedelta(days=place)))
    rows = await exported(storage, ANNA)
    assert [one.token for one in rows] == ["2", "1", "0"]
    async with opened(tmp_path / "elsewhere.sqlite3") as other:
        assert await other.learners.bring(BERT, rows) == Imported(answers=3)
        assert await other.learners.bring(BERT, rows) == Imported(known=3)
        assert {one.learner for one in await other.attempts.latest(BERT)} == {BERT}
        assert (await other.standings.of_pack(BERT, "p"))["q"].first.at == NOON - timedelta(days=2)


async def test_an_export_in_several_batches_is_complete(storage: Storage) -> None:
    rows = [attempt(str(place), at=NOON + timedelta(seconds=place // 7)) for place in range(2500)]
    assert await storage.learners.bring(ANNA, rows) == Imported(answers=2500)
    assert {one.id for one in await exported(storage, ANNA)} == {one.id for one in rows}
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 2500


async def test_imported_attempts_are_ordered_by_their_time(storage: Storage) -> None:
    here = await storage.attempts.add(attempt("here"))
    older = attempt("older", score=0.0, at=NOON - timedelta(days=1))
    done = await storage.learners.bring(ANNA, [older, older, here])
    assert done == Imported(answers=1, known=2)
    standing = (await storage.standings.of_pack(ANNA, "p"))["q"]
    assert (standing.n, standing.first.score, standing.latest.attempt) == (2, 0.0, here.id)


async def test_one_invalid_row_rejects_the_whole_batch(storage: Storage) -> None:
    taken = await storage.attempts.add(attempt(learner=BERT))
    with pytest.raises(IntegrityError):
        await storage.learners.bring(ANNA, [attempt("1"), attempt("2", id=taken.id)])
    assert await storage.attempts.latest(ANNA) == []
    assert await storage.standings.of_pack(ANNA, "p") == {}


async def test_imported_attempts_show_only_runs_that_are_stored_here(storage: Storage) -> None:
    await ended(storage, "here")
    rows = [attempt("1", run="here"), attempt("2", run="elsewhere")]
    await storage.learners.bring(ANNA, rows)
    assert {one.run for one in await storage.attempts.latest(ANNA)} == {"here", None}
    assert await storage.runs.evict(0) == 0


async def test_erasing_removes_everything_of_one_learner_and_nothing_of_another(
    storage: Storage,
) -> None:
    await ended(storage, "r")
    mine = await storage.attempts.add(attempt())
    await storage.attempts.link_run(mine.id, "r")
    other = await storage.attempts.add(attempt(learner=BERT))
    assert await storage.learners.erase(ANNA) == 1
    assert (await storage.attempts.latest(ANNA), await storage.standings.of_pack(ANNA, "p")) == (
        [],
        {},
    )
    assert await storage.attempts.latest(BERT) == [other]
    row = await storage.runs.get("r")
    assert row
    assert row["learner"] is None
    assert await storage.runs.evict(0) == 1
    with sqlite3.connect(storage.database.path) as file:
        assert ANNA not in "\n".join(file.iterdump())
    file.close()
