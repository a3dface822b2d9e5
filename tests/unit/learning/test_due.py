"""The order of a review: longest overdue first, similar questions together, a limit per day."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quiz.learning import review_queue
from quiz.learning.attempt import Standing, Try
from quiz.learning.review_queue import Due
from quiz.learning.spaced_repetition import DAY, Memory
from tests.attempts import NOON, attempt

MIDNIGHT = NOON.replace(hour=0)


def waiting(
    id: str, since: datetime, concept: str | None = None, pattern: str | None = None
) -> Due:
    tried = Try(f"attempt of {id}", 1.0, False, since - 3 * DAY)
    memory = Memory(3.0, 5.0, since - 3 * DAY, since)
    return Due(Standing("p", id, 1, tried, tried, tried, tried.at, memory), concept, pattern)


def on_days(moved: list[Standing], *days: int) -> list[int]:
    due_on = [one.memory.due for one in moved if one.memory]
    return [due_on.count(MIDNIGHT + day * DAY) for day in days]


def names(ordered: list[Due]) -> list[str]:
    return [one.standing.question for one in ordered]


def test_the_longest_overdue_question_comes_first() -> None:
    some = [waiting("b", MIDNIGHT), waiting("c", MIDNIGHT - DAY), waiting("a", MIDNIGHT - 9 * DAY)]
    assert names(review_queue.in_order(some)) == ["a", "c", "b"]


def test_similar_questions_of_a_day_follow_each_other_with_different_tools() -> None:
    some = [
        waiting("lost-in-arq", MIDNIGHT, "survives", "arq"),
        waiting("blocks-in-arq", MIDNIGHT, "blocks", "arq"),
        waiting("lost-in-celery", MIDNIGHT, "survives", "celery"),
        waiting("blocks-in-celery", MIDNIGHT, "blocks", "celery"),
    ]
    found = review_queue.in_order(some)
    assert names(found) == ["blocks-in-arq", "blocks-in-celery", "lost-in-arq", "lost-in-celery"]


def test_a_backlog_is_spread_and_its_first_part_stays_today() -> None:
    some = [waiting(f"q{n:02}", MIDNIGHT - n * DAY) for n in range(45)]
    moved = review_queue.spread(some, [one.standing for one in some], NOON, daily=20)
    assert on_days(moved, 1, 2, 3) == [20, 5, 0]
    assert moved[-1].question == "q00"
    assert "q44" not in {one.question for one in moved}


def test_reviews_done_today_and_reviews_already_due_count_in_their_days() -> None:
    some = [waiting(f"q{n:02}", MIDNIGHT - n * DAY) for n in range(8)]
    coming = [waiting(f"later{n}", MIDNIGHT + DAY).standing for n in range(3)]
    tried = Try("a", 1.0, False, NOON)
    first = replace(tried, at=NOON - 5 * DAY)
    done = Standing("p", "done", 2, first, tried, tried, NOON, Memory(9.0, 5.0, NOON, NOON + DAY))
    moved = review_queue.spread(
        some, [*(one.standing for one in some), *coming, done], NOON, daily=4
    )
    assert len(some) - len(moved) == 3
    assert on_days(moved, 1, 2) == [0, 4]


def test_a_backlog_that_fits_into_a_day_is_not_spread() -> None:
    assert review_queue.spread([waiting("a", MIDNIGHT)], [], NOON, daily=20) == []


@given(st.lists(st.integers(0, 30), max_size=80), st.integers(1, 20))
def test_spreading_loses_nothing_and_overfills_no_day(ages: list[int], daily: int) -> None:
    some = [waiting(f"q{n}", MIDNIGHT - age * DAY) for n, age in enumerate(ages)]
    moved = review_queue.spread(some, [one.standing for one in some], NOON, daily)
    days = [one.memory.due for one in moved if one.memory]
    assert len(some) - len(moved) <= daily
    assert all(days.count(day) <= daily for day in days)
    assert all(day > MIDNIGHT for day in days)


def test_the_pace_ignores_pauses() -> None:
    seconds = [0, 30, 60, 90, 4000, 4030]
    newest_first = [attempt(str(s), at=NOON + timedelta(seconds=s)) for s in reversed(seconds)]
    assert review_queue.pace(newest_first) == 30.0
    assert review_queue.pace(newest_first[:2]) == review_queue.SECONDS_EACH


def test_a_question_new_today_is_not_a_review() -> None:
    def tried(at: datetime, first: datetime) -> Standing:
        start, last = Try("a", 1.0, False, first), Try("b", 1.0, False, at)
        return Standing("p", "q", 2, start, last, last, at)

    yesterday = NOON - DAY
    some = [tried(NOON, yesterday), tried(NOON, NOON), tried(yesterday, yesterday - DAY)]
    assert review_queue.reviewed_today(some, NOON) == 1
