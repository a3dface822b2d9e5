"""Self-assessments of interview questions: the latest counts, and only its learner sees it."""

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


async def test_the_latest_self_assessment_of_a_topic_counts(storage: Storage) -> None:
    await storage.rehearsals.put(rehearsal(mark="no"))
    await storage.rehearsals.put(rehearsal(mark="said"))
    await storage.rehearsals.put(rehearsal(topic="errors"))
    found = [(one.topic, one.mark) for one in await storage.rehearsals.all(ANNA)]
    assert found == [("errors", "partly"), ("order", "said")]


async def test_a_self_assessment_belongs_to_its_learner_and_its_pack(storage: Storage) -> None:
    await storage.rehearsals.put(rehearsal())
    assert await storage.rehearsals.all(BERT) == []
    assert await storage.rehearsals.all(ANNA, "another") == []
    assert await storage.rehearsals.all(ANNA, "p") == [rehearsal()]


async def test_a_self_assessment_creates_no_attempt_and_no_standing(storage: Storage) -> None:
    await storage.rehearsals.put(rehearsal())
    assert await storage.attempts.latest(ANNA) == []
    assert await storage.standings.of_pack(ANNA, "p") == {}


async def test_erasing_deletes_the_self_assessments_of_one_learner_only(storage: Storage) -> None:
    await storage.rehearsals.put(rehearsal())
    await storage.rehearsals.put(rehearsal(learner=BERT))
    await storage.learners.erase(ANNA)
    assert await storage.rehearsals.all(ANNA) == []
    assert await storage.rehearsals.all(BERT) == [rehearsal(learner=BERT)]


async def test_the_newest_imported_self_assessment_counts(storage: Storage) -> None:
    here = rehearsal(mark="said")
    await storage.rehearsals.put(here)
    older = rehearsal(mark="no", at=NOON - timedelta(days=1))
    other = rehearsal(topic="errors")
    newer = replace(other, mark="said", at=NOON + timedelta(days=1))
    await storage.learners.bring(ANNA, [], [replace(newer, learner=BERT), older, other])
    assert await storage.rehearsals.all(ANNA) == [newer, here]
    assert await storage.rehearsals.all(BERT) == []


async def test_an_interrupted_import_is_completed_by_the_same_file(
    storage: Storage,
) -> None:
    taken = await storage.attempts.add(attempt("1"))
    with pytest.raises(Exception, match="UNIQUE"):
        await storage.learners.bring(ANNA, [attempt("2", id=taken.id)], [rehearsal()])
    done = await storage.learners.bring(ANNA, [attempt("2")], [rehearsal()])
    assert (done.answers, done.rehearsals) == (1, 0)
    assert len(await storage.rehearsals.all(ANNA)) == 1
