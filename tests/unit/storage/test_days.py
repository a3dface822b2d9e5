"""Daily activity: updated with every attempt, and the same after a recount."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.learning.spaced_repetition import Calibrated
from quiz.storage import activity
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, opened


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        yield storage


async def test_pauses_do_not_count_as_time(storage: Storage) -> None:
    for place, seconds in enumerate((0, 60, 90, 4000, 4030)):
        at = NOON + timedelta(seconds=seconds)
        await storage.attempts.add(attempt(str(place), question=f"q{place}", at=at))
    (day,) = await storage.activity.days(ANNA)
    assert (day.day, day.n, day.seconds) == ("2026-11-21", 5, 120.0)
    assert await storage.activity.days(BERT) == []


async def test_the_mean_grade_is_computed_per_confidence(storage: Storage) -> None:
    said = [("certain", 1.0), ("certain", 0.0), ("guess", 0.5), (None, 1.0)]
    for place, (confidence, score) in enumerate(said):
        at = NOON + timedelta(days=place)
        new = attempt(str(place), question=f"q{place}", confidence=confidence, score=score, at=at)
        await storage.attempts.add(new)
    found = activity.calibration(await storage.activity.days(ANNA))
    assert found == [Calibrated("guess", 1, 0.5), Calibrated("certain", 2, 0.5)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["guess", "certain", None]))))
async def test_a_recount_gives_the_same_days(
    tmp_path_factory: pytest.TempPathFactory, answers: list[tuple[int, str | None]]
) -> None:
    async with opened(tmp_path_factory.mktemp("days") / "quiz.sqlite3") as storage:
        at = NOON
        for place, (gap, confidence) in enumerate(answers):
            at += timedelta(minutes=gap)
            new = attempt(str(place), question=f"q{place % 4}", confidence=confidence, at=at)
            await storage.attempts.add(new)
        before = await storage.activity.days(ANNA)
        older = attempt("older", question="older", at=NOON - timedelta(days=400))
        await storage.learners.bring(ANNA, [older])
        after = await storage.activity.days(ANNA)
        assert after[0].day == activity.of(older.at)
        assert after[1:] == before


async def test_undo_and_erase_remove_a_day(storage: Storage) -> None:
    kept = await storage.attempts.add(attempt())
    assert await storage.attempts.undo(ANNA, kept.id)
    assert await storage.activity.days(ANNA) == []
    await storage.attempts.add(attempt("again"))
    await storage.learners.erase(ANNA)
    assert await storage.activity.days(ANNA) == []
