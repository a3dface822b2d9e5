"""Standings: updated with every attempt, and the same after a recount."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects.sqlite import dialect

from quiz.learning import spaced_repetition
from quiz.storage import recount
from quiz.storage.disputes import Dispute
from quiz.storage.standings import BEFORE
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, opened
from tests.stored_runs import ended


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "data" / "quiz.sqlite3") as storage:
        yield storage


async def test_answers_sent_at_once_count_as_others_for_a_retry_among_them(
    storage: Storage,
) -> None:
    await storage.attempts.add(attempt("first", score=0.0))
    later = [attempt(f"{n}", question=f"q{n}", at=NOON + timedelta(seconds=n)) for n in (1, 2, 3)]
    again = attempt("again", at=NOON + timedelta(seconds=4))
    *_, kept = await asyncio.gather(*map(storage.attempts.add, [*later, again]))
    assert kept.counted
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].counted.attempt == again.id


async def test_practice_changes_only_the_latest_attempt(storage: Storage) -> None:
    first = await storage.attempts.add(attempt("first", score=0.0))
    again = await storage.attempts.add(attempt("again", at=NOON + timedelta(seconds=1)))
    found = (await storage.standings.of_pack(ANNA, "p"))["q"]
    tries = (found.first.attempt, found.latest.attempt, found.counted.attempt)
    assert tries == (first.id, again.id, first.id)
    assert (found.n, found.answered_at, again.counted) == (2, again.at, False)


async def test_undo_restores_everything_as_before_the_attempt(storage: Storage) -> None:
    sent = [attempt(str(n), question=f"q{n % 3}", at=NOON + timedelta(days=n)) for n in range(9)]
    for one in sent:
        await storage.attempts.add(one)
    before = await storage.standings.all(ANNA), await storage.attempts.latest(ANNA)
    again = attempt("again", question="q1", score=0.0, at=NOON + timedelta(days=20))
    await storage.attempts.add(again)
    assert await storage.attempts.undo(ANNA, again.id)
    assert sorted(await storage.standings.all(ANNA), key=str) == sorted(before[0], key=str)
    assert await storage.attempts.latest(ANNA) == before[1]


async def test_only_the_last_attempt_can_be_undone(storage: Storage) -> None:
    first, second = attempt("1"), attempt("2", at=NOON + timedelta(minutes=1))
    for one in (first, second):
        await storage.attempts.add(one)
    assert not await storage.attempts.undo(ANNA, first.id)
    assert not await storage.attempts.undo(BERT, second.id)
    assert len(await storage.attempts.latest(ANNA)) == 2


async def test_a_spread_backlog_stays_spread_after_a_recount(storage: Storage) -> None:
    await storage.attempts.add(attempt())
    (before,) = await storage.standings.all(ANNA)
    assert before.memory
    later = replace(before, memory=replace(before.memory, due=NOON + timedelta(days=40)))
    await storage.standings.remember(ANNA, [later])
    await storage.learners.bring(ANNA, [attempt("other", question="other")])
    assert {one.question: one for one in await storage.standings.all(ANNA)}["q"] == later


async def test_a_correction_moves_the_due_date_now_and_after_a_recount(
    storage: Storage,
) -> None:
    kept = await storage.attempts.add(attempt(confidence="certain"))
    await storage.attempts.correct(kept.id, "soon")
    (moved,) = await storage.standings.all(ANNA)
    assert moved.memory == spaced_repetition.after(
        None, 1.0, NOON, confidence="certain", correction="soon"
    )
    await storage.learners.bring(ANNA, [attempt("other", question="other")])
    assert moved in await storage.standings.all(ANNA)


async def test_the_correction_fine_restores_the_first_due_date(storage: Storage) -> None:
    kept = await storage.attempts.add(attempt(score=0.0, confidence="certain"))
    (before,) = await storage.standings.all(ANNA)
    for said in ("late", "fine"):
        await storage.attempts.correct(kept.id, said)
    assert await storage.standings.all(ANNA) == [before]


async def test_an_attempt_that_no_longer_counts_cannot_be_corrected(storage: Storage) -> None:
    old = await storage.attempts.add(attempt())
    await storage.attempts.add(attempt("later", at=NOON + timedelta(days=3)))
    (before,) = await storage.standings.all(ANNA)
    await storage.attempts.correct(old.id, "late")
    await storage.learners.bring(ANNA, [attempt("other", question="other")])
    assert before in await storage.standings.all(ANNA)


async def test_a_standing_is_found_by_an_index(
    tmp_path: Path,
) -> None:
    file = tmp_path / "quiz.sqlite3"
    async with opened(file):
        pass
    asked = BEFORE.params(learner="a", pack="p", question="q", token="t")
    sql = str(asked.compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))
    with closing(sqlite3.connect(file)) as connection:
        plan = [row[-1] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert not any(step.startswith(("SCAN standing", "SCAN attempt")) for step in plan)


async def test_a_recount_is_void_if_a_dispute_was_added_in_the_meantime(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    kept = await storage.attempts.add(attempt(score=0.0))
    found = await storage.database.read(recount.recount, ANNA)
    await storage.disputes.add(Dispute(kept.id, "r1", "r2"))
    assert not await storage.database.write(recount.put_if_current, ANNA, found)
    assert await storage.standings.all(ANNA) == []
