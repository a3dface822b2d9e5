"""Attempts: stored once, whole and in order, and visible to their learner only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from quiz.learning import spaced_repetition
from quiz.learning.attempt import Standing, Try
from quiz.storage.errors import StorageError
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, opened


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "data" / "quiz.sqlite3") as storage:
        yield storage


async def test_an_attempt_is_read_back_unchanged(storage: Storage) -> None:
    new = attempt(answer={"order": ["a", "ü", None, 1.5]}, score=0.25)
    assert await storage.attempts.add(new) == new
    assert await storage.attempts.get(new.id) == new
    assert await storage.attempts.get("another") is None


async def test_the_numbers_of_a_question_variant_are_stored(storage: Storage) -> None:
    drawn = await storage.attempts.add(attempt("drawn", drawn={"task_a_seconds": 1.5, "tokens": 2}))
    own = await storage.attempts.add(attempt("own"))
    for kept in (drawn, own):
        found = await storage.attempts.get(kept.id)
        assert found
        assert found.drawn == kept.drawn
    assert own.drawn is None


async def test_a_form_sent_twice_returns_its_first_attempt(storage: Storage) -> None:
    first = await storage.attempts.add(attempt())
    assert await storage.attempts.add(attempt(answer=["o1"], score=0.0)) == first
    assert await storage.attempts.latest(ANNA) == [first]
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 1


async def test_a_form_sent_thirty_times_at_once_is_one_attempt(storage: Storage) -> None:
    forms = [attempt("same") for _ in range(30)] + [attempt(f"t{place}") for place in range(10)]
    kept = await asyncio.gather(*map(storage.attempts.add, forms))
    assert len({one.id for one in kept[:30]}) == 1
    assert len(await storage.attempts.latest(ANNA)) == 11
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 11


async def test_two_learners_can_send_the_same_token(storage: Storage) -> None:
    await storage.attempts.add(attempt())
    other = await storage.attempts.add(attempt(learner=BERT, score=0.0))
    assert await storage.attempts.latest(BERT) == [other]


async def test_a_failed_write_does_not_undo_the_others_of_its_transaction(
    storage: Storage,
) -> None:
    new = [attempt(str(place)) for place in range(20)]
    new[7] = replace(new[7], run="of no run")
    outcomes = await asyncio.gather(*map(storage.attempts.add, new), return_exceptions=True)
    assert isinstance(outcomes.pop(7), IntegrityError)
    assert {one.id for one in await storage.attempts.latest(ANNA)} == {
        one.id for one in new[:7] + new[8:]
    }
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 19


async def test_a_standing_has_the_first_attempt_and_the_latest(storage: Storage) -> None:
    shown = attempt("1", answer=None, score=None, revealed=True)
    later = attempt("2", score=0.5, at=NOON + timedelta(days=1))
    for new in (shown, later, attempt("3", question="other"), attempt("4", pack="another")):
        await storage.attempts.add(new)
    marks = await storage.standings.of_pack(ANNA, "p")
    first, latest = Try(shown.id, None, True, NOON), Try(later.id, 0.5, False, later.at)
    remembered = spaced_repetition.after(spaced_repetition.after(None, None, NOON), 0.5, later.at)
    assert marks["q"] == Standing("p", "q", 2, first, latest, latest, later.at, remembered)
    assert set(marks) == {"q", "other"}


async def test_attempts_are_listed_newest_first_in_pages(storage: Storage) -> None:
    # Two have the same time: neither may be lost between two pages.
    times = [NOON, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(hours=1)]
    for place, at in enumerate(times):
        await storage.attempts.add(attempt(str(place), at=at))
    first = await storage.attempts.latest(ANNA, 3)
    assert [one.at for one in first] == sorted(times, reverse=True)[:3]
    rest = await storage.attempts.latest(ANNA, 3, before=first[-1])
    assert {one.token for one in first + rest} == {"0", "1", "2", "3"}


async def test_times_are_stored_in_utc_and_need_a_time_zone(storage: Storage) -> None:
    eastern = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    kept = await storage.attempts.get((await storage.attempts.add(attempt(at=eastern))).id)
    assert kept
    assert kept.at == NOON
    assert kept.at.tzinfo is UTC
    with pytest.raises(Exception, match="no time zone"):
        await storage.attempts.add(attempt("2", at=NOON.replace(tzinfo=None)))


async def test_a_stored_attempt_survives_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        new = await storage.attempts.add(attempt())
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        assert await storage.attempts.latest(ANNA) == [new]


async def test_a_write_whose_caller_was_cancelled_is_stored(storage: Storage) -> None:
    leaving = asyncio.create_task(storage.attempts.add(attempt("left")))
    await asyncio.sleep(0)
    leaving.cancel()
    await storage.attempts.add(attempt("after"))
    assert {one.token for one in await storage.attempts.latest(ANNA)} == {"left", "after"}


async def test_stopping_finishes_pending_writes(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        asked = [asyncio.create_task(storage.attempts.add(attempt(str(n)))) for n in range(50)]
        await asyncio.sleep(0)
    assert len(await asyncio.gather(*asked)) == 50


async def test_a_closed_storage_refuses_reads_and_writes(storage: Storage) -> None:
    await storage.stop()
    with pytest.raises(StorageError, match="is not open"):
        await storage.attempts.latest(ANNA)
    with pytest.raises(StorageError, match="is not open"):
        await storage.attempts.add(attempt())


async def test_an_attempt_after_the_clock_was_set_back_is_the_newest(storage: Storage) -> None:
    first = await storage.attempts.submit(attempt("first"))
    second = await storage.attempts.submit(attempt("second", at=NOON - timedelta(hours=1)))
    assert second.at == NOON + timedelta(milliseconds=1)
    assert await storage.attempts.latest(ANNA) == [second, first]


async def test_several_attempts_are_read_by_their_ids(storage: Storage) -> None:
    first, second = [await storage.attempts.add(attempt(token)) for token in "12"]
    ids = [first.id, second.id, "missing"]
    assert await storage.attempts.by_id(ids) == {first.id: first, second.id: second}
    assert await storage.attempts.by_id([]) == {}
