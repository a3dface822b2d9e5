"""Stored runs and disputes: what is kept, and what is evicted."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.storage.disputes import Dispute
from quiz.storage.errors import StorageError
from quiz.storage.storage import Storage
from tests.attempts import ANNA, NOON, attempt, opened
from tests.stored_runs import ended, records, run


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "data" / "quiz.sqlite3") as storage:
        yield storage


async def test_a_run_is_stored_from_its_request_to_its_end(storage: Storage) -> None:
    await storage.runs.add(run("r"))
    row = await storage.runs.get("r")
    assert row
    assert row["parameters"] == {"s": 1}
    assert (row["created"], row["record"], row["evicted"]) == (NOON, None, False)
    text = '{"output": "é"}' + " " * 2_000_000
    await storage.runs.update("r", status="finished", ended=NOON, record=text)
    row = await storage.runs.get("r")
    assert row
    assert (row["status"], row["record"]) == ("finished", text)
    assert await storage.runs.get("another") is None


async def test_unfinished_runs_are_listed_oldest_first(storage: Storage) -> None:
    await ended(storage, "ended")
    await storage.runs.add(run("later", created=NOON + timedelta(seconds=1)))
    await storage.runs.add(run("sooner"))
    assert [row["id"] for row in await storage.runs.unfinished()] == ["sooner", "later"]


async def test_an_unknown_run_cannot_be_updated(storage: Storage) -> None:
    with pytest.raises(StorageError, match="no run 'r'"):
        await storage.runs.update("r", status="finished")


async def test_the_oldest_records_are_evicted_and_their_rows_stay(storage: Storage) -> None:
    await ended(storage, "1", "2", "3", "4")
    await storage.runs.add(run("running"))
    assert await storage.runs.evict(2) == 2
    assert await records(storage, "1", "2", "3", "4") == [False, False, True, True]
    row = await storage.runs.get("1")
    assert row
    assert (row["evicted"], row["demo"]) == (True, "d")
    assert await storage.runs.evict(2) == 0


async def test_a_run_that_an_attempt_shows_is_never_evicted(storage: Storage) -> None:
    await ended(storage, "1", "2", "3")
    new = await storage.attempts.add(attempt())
    await storage.attempts.link_run(new.id, "1")
    kept = await storage.attempts.get(new.id)
    assert kept
    assert kept.run == "1"
    assert await storage.runs.evict(0) == 2
    assert await records(storage, "1", "2", "3") == [True, False, False]


async def test_a_run_that_no_attempt_shows_any_longer_is_evicted(storage: Storage) -> None:
    await ended(storage, "1", "2")
    new = await storage.attempts.add(attempt())
    await storage.attempts.link_run(new.id, "1")
    await storage.attempts.link_run(new.id, "2")
    assert await storage.runs.evict(0) == 1
    assert await records(storage, "1", "2") == [False, True]


async def test_a_disputed_miss_does_not_count_and_keeps_both_runs(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    kept = await storage.attempts.add(attempt(score=0.0, run="r1"))
    await storage.disputes.add(Dispute(kept.id, "r1", "r2"))
    assert await storage.standings.of_pack(ANNA, "p") == {}
    assert await storage.disputes.of_attempt(kept.id) == Dispute(kept.id, "r1", "r2")
    assert await storage.runs.evict(0) == 0
    assert await records(storage, "r1", "r2") == [True, True]


async def test_erasing_a_learner_removes_their_disputes(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    kept = await storage.attempts.add(attempt(score=0.0, run="r1"))
    await storage.disputes.add(Dispute(kept.id, "r1", "r2"))
    assert await storage.learners.erase(ANNA) == 1
    assert await storage.disputes.of_attempt(kept.id) is None
    assert await storage.runs.evict(0) == 2


async def test_an_erased_attempt_cannot_be_disputed(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    await storage.disputes.add(Dispute("gone", "r1", "r2"))
    assert await storage.disputes.of_attempt("gone") is None
