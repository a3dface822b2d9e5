"""What learners say of their own answers to interview questions: the latest, and only their own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from quiz.storage.rehearsals import Rehearsal
from quiz.storage.storage import Storage
from tests.attempts import ANNA, BERT, NOON, attempt, opened


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        yield storage


def rehearsal(**changed: Any) -> Rehearsal:
    usual = Rehearsal(learner=ANNA, pack="p", topic="order", mark="partly", at=NOON)
    return replace(usual, **changed)


async def test_the_latest_word_on_a_topic_stands(storage: Storage) -> None:
    await storage.rehearse(rehearsal(mark="no"))
    await storage.rehearse(rehearsal(mark="said"))
    await storage.rehearse(rehearsal(topic="errors"))
    found = [(one.topic, one.mark) for one in storage.rehearsals(ANNA)]
    assert found == [("errors", "partly"), ("order", "said")]


async def test_it_is_its_learner_s_and_its_pack_s(storage: Storage) -> None:
    await storage.rehearse(rehearsal())
    assert storage.rehearsals(BERT) == []
    assert storage.rehearsals(ANNA, "another") == []
    assert storage.rehearsals(ANNA, "p") == [rehearsal()]


async def test_it_is_no_attempt_and_no_standing(storage: Storage) -> None:
    await storage.rehearse(rehearsal())
    assert storage.attempts(ANNA) == []
    assert storage.marks(ANNA, "p") == {}


async def test_erasing_takes_it_and_leaves_another_s(storage: Storage) -> None:
    await storage.rehearse(rehearsal())
    await storage.rehearse(rehearsal(learner=BERT))
    await storage.erase(ANNA)
    assert storage.rehearsals(ANNA) == []
    assert storage.rehearsals(BERT) == [rehearsal(learner=BERT)]


async def test_of_what_is_brought_the_newest_counts(storage: Storage) -> None:
    here = rehearsal(mark="said")
    await storage.rehearse(here)
    older = rehearsal(mark="no", at=NOON - timedelta(days=1))
    other = rehearsal(topic="errors")
    newer = replace(other, mark="said", at=NOON + timedelta(days=1))
    await storage.import_attempts(ANNA, [], [replace(newer, learner=BERT), older, other])
    assert storage.rehearsals(ANNA) == [newer, here]
    assert storage.rehearsals(BERT) == []


async def test_an_import_that_broke_off_is_completed_by_another_of_the_same_file(
    storage: Storage,
) -> None:
    taken = await storage.add_attempt(attempt("1"))
    with pytest.raises(Exception, match="UNIQUE"):
        await storage.import_attempts(ANNA, [attempt("2", id=taken.id)], [rehearsal()])
    done = await storage.import_attempts(ANNA, [attempt("2")], [rehearsal()])
    assert (done.answers, done.rehearsals) == (1, 0)
    assert len(storage.rehearsals(ANNA)) == 1
