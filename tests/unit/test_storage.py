"""What is kept: once, whole, in order, and only its learner's."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import IntegrityError

from quiz.learning import spaced_repetition
from quiz.learning.attempt import Standing, Try
from quiz.storage.disputes import Dispute
from quiz.storage.errors import StorageError
from quiz.storage.learners import Imported
from quiz.storage.standings import BEFORE
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, exported, opened


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "data" / "quiz.sqlite3") as storage:
        yield storage


def run(id: str, **changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": id,
        "demo": "d",
        "variant": "v",
        "environment": "current",
        "parameters": {"s": 1},
    }
    usual |= {"status": "queued", "learner": ANNA, "created": NOON, "memory_mb": 60, "seconds": 3.1}
    return usual | changed


async def ended(storage: Storage, *ids: str) -> None:
    """Runs that ended in this order, a second apart."""
    for place, id in enumerate(ids):
        await storage.runs.add(run(id))
        when = NOON + timedelta(seconds=place)
        await storage.runs.update(id, status="finished", ended=when, record=f'{{"id": "{id}"}}')


async def records(storage: Storage, *ids: str) -> list[bool]:
    rows = [await storage.runs.get(id) for id in ids]
    return [bool(row and row["record"]) for row in rows]


# Attempts.


async def test_an_attempt_comes_back_as_it_was_stored(storage: Storage) -> None:
    new = attempt(answer={"order": ["a", "ü", None, 1.5]}, score=0.25)
    assert await storage.attempts.add(new) == new
    assert await storage.attempts.get(new.id) == new
    assert await storage.attempts.get("another") is None


async def test_the_numbers_with_which_it_was_asked_are_kept(storage: Storage) -> None:
    drawn = await storage.attempts.add(attempt("drawn", drawn={"task_a_seconds": 1.5, "tokens": 2}))
    own = await storage.attempts.add(attempt("own"))
    for kept in (drawn, own):
        found = await storage.attempts.get(kept.id)
        assert found
        assert found.drawn == kept.drawn
    assert own.drawn is None


async def test_the_same_form_again_gives_the_first_attempt(storage: Storage) -> None:
    first = await storage.attempts.add(attempt())
    assert await storage.attempts.add(attempt(answer=["o1"], score=0.0)) == first
    assert await storage.attempts.latest(ANNA) == [first]
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 1


async def test_a_form_sent_many_times_at_once_is_one_attempt(storage: Storage) -> None:
    forms = [attempt("same") for _ in range(30)] + [attempt(f"t{place}") for place in range(10)]
    kept = await asyncio.gather(*map(storage.attempts.add, forms))
    assert len({one.id for one in kept[:30]}) == 1
    assert len(await storage.attempts.latest(ANNA)) == 11
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 11


async def test_one_learner_s_token_is_nothing_to_another(storage: Storage) -> None:
    await storage.attempts.add(attempt())
    other = await storage.attempts.add(attempt(learner=BERT, score=0.0))
    assert await storage.attempts.latest(BERT) == [other]


async def test_one_who_fails_does_not_take_the_others_along(storage: Storage) -> None:
    new = [attempt(str(place)) for place in range(20)]
    new[7] = replace(new[7], run="of no run")
    outcomes = await asyncio.gather(*map(storage.attempts.add, new), return_exceptions=True)
    assert isinstance(outcomes.pop(7), IntegrityError)
    assert {one.id for one in await storage.attempts.latest(ANNA)} == {
        one.id for one in new[:7] + new[8:]
    }
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 19


async def test_marks_say_the_first_try_and_the_latest(storage: Storage) -> None:
    shown = attempt("1", answer=None, score=None, revealed=True)
    later = attempt("2", score=0.5, at=NOON + timedelta(days=1))
    for new in (shown, later, attempt("3", question="other"), attempt("4", pack="another")):
        await storage.attempts.add(new)
    marks = await storage.standings.of_pack(ANNA, "p")
    first, latest = Try(shown.id, None, True, NOON), Try(later.id, 0.5, False, later.at)
    remembered = spaced_repetition.after(spaced_repetition.after(None, None, NOON), 0.5, later.at)
    assert marks["q"] == Standing("p", "q", 2, first, latest, latest, later.at, remembered)
    assert set(marks) == {"q", "other"}


async def test_attempts_come_newest_first_in_pages(storage: Storage) -> None:
    # Two share an instant: none may be left out between two pages.
    times = [NOON, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(hours=1)]
    for place, at in enumerate(times):
        await storage.attempts.add(attempt(str(place), at=at))
    first = await storage.attempts.latest(ANNA, 3)
    assert [one.at for one in first] == sorted(times, reverse=True)[:3]
    rest = await storage.attempts.latest(ANNA, 3, before=first[-1])
    assert {one.token for one in first + rest} == {"0", "1", "2", "3"}


async def test_a_time_is_kept_in_utc_and_never_without_a_zone(storage: Storage) -> None:
    eastern = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    kept = await storage.attempts.get((await storage.attempts.add(attempt(at=eastern))).id)
    assert kept
    assert kept.at == NOON
    assert kept.at.tzinfo is UTC
    with pytest.raises(Exception, match="no time zone"):
        await storage.attempts.add(attempt("2", at=NOON.replace(tzinfo=None)))


async def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        new = await storage.attempts.add(attempt())
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        assert await storage.attempts.latest(ANNA) == [new]


async def test_a_write_whose_caller_left_is_stored(storage: Storage) -> None:
    leaving = asyncio.create_task(storage.attempts.add(attempt("left")))
    await asyncio.sleep(0)
    leaving.cancel()
    await storage.attempts.add(attempt("after"))
    assert {one.token for one in await storage.attempts.latest(ANNA)} == {"left", "after"}


async def test_stopping_finishes_what_was_asked_for(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        asked = [asyncio.create_task(storage.attempts.add(attempt(str(n)))) for n in range(50)]
        await asyncio.sleep(0)
    assert len(await asyncio.gather(*asked)) == 50


async def test_a_closed_storage_says_so(storage: Storage) -> None:
    await storage.stop()
    with pytest.raises(StorageError, match="is not open"):
        await storage.attempts.latest(ANNA)
    with pytest.raises(StorageError, match="is not open"):
        await storage.attempts.add(attempt())


# Out, in, gone.


async def test_an_export_brought_elsewhere_is_all_there(storage: Storage, tmp_path: Path) -> None:
    for place in range(3):
        await storage.attempts.add(attempt(str(place), at=NOON - timedelta(days=place)))
    rows = await exported(storage, ANNA)
    assert [one.token for one in rows] == ["2", "1", "0"]
    async with opened(tmp_path / "elsewhere.sqlite3") as other:
        assert await other.learners.bring(BERT, rows) == Imported(answers=3)
        assert await other.learners.bring(BERT, rows) == Imported(known=3)
        assert {one.learner for one in await other.attempts.latest(BERT)} == {BERT}
        assert (await other.standings.of_pack(BERT, "p"))["q"].first.at == NOON - timedelta(days=2)


async def test_a_long_export_is_whole(storage: Storage) -> None:
    rows = [attempt(str(place), at=NOON + timedelta(seconds=place // 7)) for place in range(2500)]
    assert await storage.learners.bring(ANNA, rows) == Imported(answers=2500)
    assert {one.id for one in await exported(storage, ANNA)} == {one.id for one in rows}
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].n == 2500


async def test_what_is_brought_in_takes_its_place_in_time(storage: Storage) -> None:
    here = await storage.attempts.add(attempt("here"))
    older = attempt("older", score=0.0, at=NOON - timedelta(days=1))
    done = await storage.learners.bring(ANNA, [older, older, here])
    assert done == Imported(answers=1, known=2)
    standing = (await storage.standings.of_pack(ANNA, "p"))["q"]
    assert (standing.n, standing.first.score, standing.latest.attempt) == (2, 0.0, here.id)


async def test_a_bad_row_leaves_its_whole_file_out(storage: Storage) -> None:
    taken = await storage.attempts.add(attempt(learner=BERT))
    with pytest.raises(IntegrityError):
        await storage.learners.bring(ANNA, [attempt("1"), attempt("2", id=taken.id)])
    assert await storage.attempts.latest(ANNA) == []
    assert await storage.standings.of_pack(ANNA, "p") == {}


async def test_what_is_brought_in_shows_only_runs_that_are_here(storage: Storage) -> None:
    await ended(storage, "here")
    rows = [attempt("1", run="here"), attempt("2", run="elsewhere")]
    await storage.learners.bring(ANNA, rows)
    assert {one.run for one in await storage.attempts.latest(ANNA)} == {"here", None}
    assert await storage.runs.evict(0) == 0


async def test_erasing_leaves_nothing_of_one_learner_and_all_of_another(storage: Storage) -> None:
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


# Runs.


async def test_a_run_is_kept_from_asked_to_ended(storage: Storage) -> None:
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


async def test_unfinished_runs_come_oldest_first(storage: Storage) -> None:
    await ended(storage, "ended")
    await storage.runs.add(run("later", created=NOON + timedelta(seconds=1)))
    await storage.runs.add(run("sooner"))
    assert [row["id"] for row in await storage.runs.unfinished()] == ["sooner", "later"]


async def test_a_run_that_is_not_there_cannot_be_updated(storage: Storage) -> None:
    with pytest.raises(StorageError, match="no run 'r'"):
        await storage.runs.update("r", status="finished")


async def test_the_oldest_records_make_room_and_leave_a_trace(storage: Storage) -> None:
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


async def test_a_run_that_its_attempt_shows_no_more_may_go(storage: Storage) -> None:
    await ended(storage, "1", "2")
    new = await storage.attempts.add(attempt())
    await storage.attempts.link_run(new.id, "1")
    await storage.attempts.link_run(new.id, "2")
    assert await storage.runs.evict(0) == 1
    assert await records(storage, "1", "2") == [False, True]


# Disputes.


async def test_a_disputed_miss_leaves_no_mark_and_keeps_both_runs(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    kept = await storage.attempts.add(attempt(score=0.0, run="r1"))
    await storage.disputes.add(Dispute(kept.id, "r1", "r2"))
    assert await storage.standings.of_pack(ANNA, "p") == {}
    assert await storage.disputes.of_attempt(kept.id) == Dispute(kept.id, "r1", "r2")
    assert await storage.runs.evict(0) == 0
    assert await records(storage, "r1", "r2") == [True, True]


async def test_a_dispute_goes_with_its_learner_s_answers(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    kept = await storage.attempts.add(attempt(score=0.0, run="r1"))
    await storage.disputes.add(Dispute(kept.id, "r1", "r2"))
    assert await storage.learners.erase(ANNA) == 1
    assert await storage.disputes.of_attempt(kept.id) is None
    assert await storage.runs.evict(0) == 2


async def test_what_was_erased_meanwhile_is_not_disputed(storage: Storage) -> None:
    await ended(storage, "r1", "r2")
    await storage.disputes.add(Dispute("gone", "r1", "r2"))
    assert await storage.disputes.of_attempt("gone") is None


async def test_answers_sent_in_one_go_count_for_a_retry_among_them(storage: Storage) -> None:
    await storage.attempts.add(attempt("first", score=0.0))
    later = [attempt(f"{n}", question=f"q{n}", at=NOON + timedelta(seconds=n)) for n in (1, 2, 3)]
    again = attempt("again", at=NOON + timedelta(seconds=4))
    *_, kept = await asyncio.gather(*map(storage.attempts.add, [*later, again]))
    assert kept.counted
    assert (await storage.standings.of_pack(ANNA, "p"))["q"].counted.attempt == again.id


async def test_a_retry_that_does_not_count_changes_only_the_latest_try(storage: Storage) -> None:
    first = await storage.attempts.add(attempt("first", score=0.0))
    again = await storage.attempts.add(attempt("again", at=NOON + timedelta(seconds=1)))
    found = (await storage.standings.of_pack(ANNA, "p"))["q"]
    tries = (found.first.attempt, found.latest.attempt, found.counted.attempt)
    assert tries == (first.id, again.id, first.id)
    assert (found.n, found.answered_at, again.counted) == (2, again.at, False)


async def test_undone_is_as_if_never_sent(storage: Storage) -> None:
    sent = [attempt(str(n), question=f"q{n % 3}", at=NOON + timedelta(days=n)) for n in range(9)]
    for one in sent:
        await storage.attempts.add(one)
    before = await storage.standings.all(ANNA), await storage.attempts.latest(ANNA)
    again = attempt("again", question="q1", score=0.0, at=NOON + timedelta(days=20))
    await storage.attempts.add(again)
    assert await storage.attempts.undo(ANNA, again.id)
    assert sorted(await storage.standings.all(ANNA), key=str) == sorted(before[0], key=str)
    assert await storage.attempts.latest(ANNA) == before[1]


async def test_an_answer_to_which_another_was_added_is_not_undone(storage: Storage) -> None:
    first, second = attempt("1"), attempt("2", at=NOON + timedelta(minutes=1))
    for one in (first, second):
        await storage.attempts.add(one)
    assert not await storage.attempts.undo(ANNA, first.id)
    assert not await storage.attempts.undo(BERT, second.id)
    assert len(await storage.attempts.latest(ANNA)) == 2


async def test_a_spread_backlog_outlives_what_is_counted_anew(storage: Storage) -> None:
    await storage.attempts.add(attempt())
    (before,) = await storage.standings.all(ANNA)
    assert before.memory
    later = replace(before, memory=replace(before.memory, due=NOON + timedelta(days=40)))
    await storage.standings.remember(ANNA, [later])
    await storage.learners.bring(ANNA, [attempt("other", question="other")])
    assert {one.question: one for one in await storage.standings.all(ANNA)}["q"] == later


async def test_a_correction_moves_the_day_now_and_when_all_is_counted_anew(
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


async def test_fine_is_what_stood_before_any_correction(storage: Storage) -> None:
    kept = await storage.attempts.add(attempt(score=0.0, confidence="certain"))
    (before,) = await storage.standings.all(ANNA)
    for said in ("late", "fine"):
        await storage.attempts.correct(kept.id, said)
    assert await storage.standings.all(ANNA) == [before]


async def test_a_correction_of_what_counts_no_more_is_not_kept(storage: Storage) -> None:
    old = await storage.attempts.add(attempt())
    await storage.attempts.add(attempt("later", at=NOON + timedelta(days=3)))
    (before,) = await storage.standings.all(ANNA)
    await storage.attempts.correct(old.id, "late")
    await storage.learners.bring(ANNA, [attempt("other", question="other")])
    assert before in await storage.standings.all(ANNA)


async def test_where_learners_stand_is_found_by_an_index_however_many_there_are(
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
