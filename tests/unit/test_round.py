"""Rounds: what of a question's attempts counts on the wall."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from quiz.storage.classroom import ATTEMPTS, Round, Turnout
from tests.attempts import BERT, NOON, attempt, opened

ROUND = Round(pack="p", question="q", began=NOON)


async def test_of_each_learner_the_first_answer_since_it_began_counts(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        sent = [("o1", -1), ("o2", 1), ("o3", 2)]
        for answer, minute in sent:
            at = NOON + timedelta(minutes=minute)
            await storage.add_attempt(attempt(answer, answer=[answer], at=at))
        await storage.add_attempt(
            attempt("b", learner=BERT, answer=None, score=None, revealed=True)
        )
        await storage.add_attempt(attempt("other", learner="c" * 64, question="another"))
        await storage.add_attempt(attempt("review", learner="d" * 64, drawn={"tokens": 2}))
        assert storage.turnout(ROUND) == Turnout(answers=(["o2"],), looked=1)


async def test_a_new_round_takes_the_place_of_the_last(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        assert storage.round("p", "q") is None
        assert storage.latest_round() is None
        await storage.put_round(ROUND)
        await storage.change_round(ROUND, shown=True)
        assert storage.round("p", "q") == replace(ROUND, shown=True)
        again = replace(ROUND, began=NOON + timedelta(minutes=5))
        await storage.put_round(again)
        assert storage.round("p", "q") == storage.latest_round() == again


async def test_what_was_meant_for_an_earlier_round_changes_no_later_one(tmp_path: Path) -> None:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        await storage.put_round(replace(ROUND, began=NOON + timedelta(minutes=5)))
        await storage.change_round(ROUND, shown=True)
        found = storage.round("p", "q")
        assert found
        assert not found.shown


async def test_a_round_outlives_the_server(tmp_path: Path) -> None:
    file = tmp_path / "quiz.sqlite3"
    async with opened(file) as storage:
        await storage.put_round(ROUND)
    async with opened(file) as storage:
        assert storage.round("p", "q") == ROUND


async def test_the_answers_of_a_round_are_found_by_an_index(tmp_path: Path) -> None:
    file = tmp_path / "quiz.sqlite3"
    async with opened(file):
        pass
    given = {"pack": "p", "question": "q", "began": "2026", "param_1": 9}
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {ATTEMPTS}", given).fetchall()
    assert "ix_attempt_pack_question_at" in str(plan)
