"""Rounds: which attempts at a question count on the projector page."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from quiz.storage.classroom import ATTEMPTS, Poll, Turnout
from tests.attempts import BERT, NOON, attempt, opened

ROUND = Poll(pack="p", question="q", began=NOON)


async def test_the_first_answer_of_each_learner_in_a_round_counts(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        sent = [("o1", -1), ("o2", 1), ("o3", 2)]
        for answer, minute in sent:
            at = NOON + timedelta(minutes=minute)
            await storage.attempts.add(attempt(answer, answer=[answer], at=at))
        await storage.attempts.add(
            attempt("b", learner=BERT, answer=None, score=None, revealed=True)
        )
        await storage.attempts.add(attempt("other", learner="c" * 64, question="another"))
        await storage.attempts.add(attempt("review", learner="d" * 64, drawn={"tokens": 2}))
        assert await storage.classroom.turnout(ROUND) == Turnout(answers=(["o2"],), looked=1)


async def test_a_new_round_replaces_the_last(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        assert await storage.classroom.poll("p", "q") is None
        assert await storage.classroom.latest_poll() is None
        await storage.classroom.begin_poll(ROUND)
        await storage.classroom.change_poll(ROUND, shown=True)
        assert await storage.classroom.poll("p", "q") == replace(ROUND, shown=True)
        again = replace(ROUND, began=NOON + timedelta(minutes=5))
        await storage.classroom.begin_poll(again)
        assert (
            await storage.classroom.poll("p", "q") == await storage.classroom.latest_poll() == again
        )


async def test_a_change_to_an_earlier_round_does_not_affect_the_current_one(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        await storage.classroom.begin_poll(replace(ROUND, began=NOON + timedelta(minutes=5)))
        await storage.classroom.change_poll(ROUND, shown=True)
        found = await storage.classroom.poll("p", "q")
        assert found
        assert not found.shown


async def test_a_round_survives_a_restart_of_the_server(tmp_path: Path) -> None:
    file = tmp_path / "quiz.sqlite3"
    async with opened(file) as storage:
        await storage.classroom.begin_poll(ROUND)
    async with opened(file) as storage:
        assert await storage.classroom.poll("p", "q") == ROUND


async def test_the_answers_of_a_round_are_found_by_an_index(tmp_path: Path) -> None:
    file = tmp_path / "quiz.sqlite3"
    async with opened(file):
        pass
    given = {"pack": "p", "question": "q", "began": "2026", "param_1": 9}
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {ATTEMPTS}", given).fetchall()
    assert "ix_attempt_pack_question_at" in str(plan)
