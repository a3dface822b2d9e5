"""Stored mock interviews: one open at a time, ended once, visible only to their learner."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from quiz.learning.attempt import Attempt
from quiz.storage.mock_interviews import Item, MockAnswer, MockInterview
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, opened

LATER = NOON + timedelta(minutes=10)
ITEMS = tuple(Item("p", "question", name) for name in ("q", "r"))


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        yield storage


def interview(id: str = "i", **changed: Any) -> MockInterview:
    usual = MockInterview(id=id, learner=ANNA, token=f"t-{id}", items=ITEMS, begun=NOON)
    return replace(usual, **changed)


def answer(place: int = 1, **changed: Any) -> MockAnswer:
    usual = MockAnswer(place=place, form=(("answer", "o1"),), because="so", at=NOON)
    return replace(usual, **changed)


def judge(answers: Sequence[MockAnswer]) -> list[Attempt]:
    return [
        attempt(f"i-{one.place}", question=ITEMS[one.place - 1].name, at=one.at) for one in answers
    ]


async def test_a_learner_has_at_most_one_open_interview(storage: Storage) -> None:
    many = (storage.interviews.begin(interview(str(n))) for n in range(20))
    assert len(set(await asyncio.gather(*many))) == 1
    await storage.interviews.begin(interview("other", learner=BERT))
    assert await storage.interviews.open(BERT) == interview("other", learner=BERT)


async def test_the_database_refuses_a_second_open_interview(storage: Storage) -> None:
    await storage.interviews.begin(interview())
    with (
        closing(sqlite3.connect(storage.database.path)) as file,
        pytest.raises(sqlite3.IntegrityError),
    ):
        file.execute(
            "INSERT INTO mock_interview (id, learner, token, items, begun, extended)"
            " SELECT 'x', learner, 'x', items, begun, 0 FROM mock_interview"
        )


async def test_the_last_answer_at_a_place_counts(storage: Storage) -> None:
    of = await storage.interviews.begin(interview())
    last = answer(form=(("answer", "o1"), ("answer", "o2")), confidence="guess")
    for one in (answer(2), answer(), last):
        assert await storage.interviews.answer(of, one)
    assert await storage.interviews.answers(of) == [last, answer(2)]


async def test_an_ended_interview_creates_attempts_once_and_accepts_no_answers(
    storage: Storage,
) -> None:
    of = await storage.interviews.begin(interview())
    await storage.interviews.answer(of, answer())
    for _ in range(2):
        await storage.interviews.end(of, LATER, judge)
    assert not await storage.interviews.answer(of, answer(2))
    assert [one.token for one in await storage.attempts.latest(ANNA)] == ["i-1"]
    assert await storage.interviews.open(ANNA) is None
    assert await storage.interviews.latest(ANNA, 5) == [replace(of, ended=LATER)]


async def test_an_interview_whose_end_fails_stays_open(storage: Storage) -> None:
    of = await storage.interviews.begin(interview())
    await storage.interviews.answer(of, answer())

    def same_id_twice(answers: Sequence[MockAnswer]) -> list[Attempt]:
        return [attempt("a", id="x"), attempt("b", id="x", question="r")]

    with pytest.raises(IntegrityError):
        await storage.interviews.end(of, LATER, same_id_twice)
    assert await storage.interviews.open(ANNA) == of
    assert await storage.attempts.latest(ANNA) == []


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_standings_use_the_time_of_each_answer(storage: Storage, minutes: int) -> None:
    of = await storage.interviews.begin(interview())
    await storage.interviews.answer(of, answer())
    await storage.attempts.add(attempt(at=NOON + timedelta(minutes=minutes)))
    await storage.interviews.end(of, LATER, judge)
    (standing,) = await storage.standings.all(ANNA)
    assert standing.n == 2
    assert standing.first.at == min(NOON, NOON + timedelta(minutes=minutes))


async def test_more_time_counts_once_from_the_deadline_or_from_now(storage: Storage) -> None:
    of = await storage.interviews.begin(interview(seconds=600))
    for _ in range(2):
        await storage.interviews.extend(of, NOON)
    longer = await storage.interviews.get(of.id)
    assert longer
    assert longer.deadline == NOON + timedelta(minutes=15)
    late = NOON + timedelta(hours=3)
    await storage.interviews.extend(longer, late)
    longest = await storage.interviews.get(of.id)
    assert longest
    assert longest.deadline == late + timedelta(minutes=5)


async def test_an_interview_without_a_clock_cannot_be_extended(storage: Storage) -> None:
    of = await storage.interviews.begin(interview())
    await storage.interviews.extend(of, NOON)
    assert await storage.interviews.get(of.id) == of
    assert of.deadline is None


async def test_giving_up_deletes_an_open_interview_but_no_ended_one(storage: Storage) -> None:
    of = await storage.interviews.begin(interview())
    await storage.interviews.answer(of, answer())
    await storage.interviews.give_up(of)
    assert await storage.interviews.get(of.id) is None
    assert await storage.interviews.answers(of) == []
    again = await storage.interviews.begin(interview("again"))
    await storage.interviews.end(again, LATER, judge)
    await storage.interviews.give_up(again)
    assert await storage.interviews.get(again.id)


async def test_imported_interviews_are_merged_by_their_token(storage: Storage) -> None:
    of = interview(ended=LATER)
    await storage.learners.bring(ANNA, [], (), [(of, [answer()])])
    await storage.learners.bring(ANNA, [], (), [(replace(of, id="j"), [answer(2)])])
    await storage.learners.bring(BERT, [], (), [(replace(of, id="k"), [])])
    assert await storage.interviews.ended(ANNA) == [(of, [answer()])]
    assert await storage.interviews.ended(BERT) == [(replace(of, id="k", learner=BERT), [])]


async def test_erasing_deletes_the_interviews_of_one_learner_only(storage: Storage) -> None:
    for who in (ANNA, BERT):
        of = await storage.interviews.begin(interview(who[0], learner=who))
        await storage.interviews.answer(of, answer())
    await storage.learners.erase(ANNA)
    assert await storage.interviews.open(ANNA) is None
    assert await storage.interviews.answers(interview("a")) == []
    assert await storage.interviews.answers(interview("b")) == [answer()]
