"""What the progress page suggests next, for a newcomer, after a miss, and at the end of a pack."""

from datetime import timedelta
from pathlib import Path

import pytest

from quiz.learning.attempt import Standing, Try
from quiz.packs.catalog import Catalog
from quiz.web.features.progress.suggestions import suggestions
from tests import packs
from tests.attempts import NOON

TOMORROW = NOON + timedelta(days=1)
TOPICS = "  order:\n    title: Order\n    interview: {ask: What is it?, answer: It is that.}\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    pack = packs.pack(tmp_path, packs.sound(("  order: {title: Order}\n", TOPICS)))
    return Catalog(packs={"small": pack}, broken=(), demos={}, problems=(), proofs={})


def standing(question: str, score: float = 1.0) -> Standing:
    only = Try(f"attempt of {question}", score, False, NOON)
    return Standing("small", question, 1, only, only, only, only.at)


def test_a_newcomer_is_sent_to_the_first_question(catalog: Catalog) -> None:
    found = suggestions(catalog, [], NOON)
    assert [step.link.href for step in found.steps] == ["/packs/small/total"]


def test_a_miss_is_suggested_once_its_retry_counts(catalog: Catalog) -> None:
    missed = [standing("total", 0.0)]
    today, later = suggestions(catalog, missed, NOON), suggestions(catalog, missed, TOMORROW)
    assert [step.link.href for step in today.steps] == ["/packs/small/lines"]
    assert today.later.startswith("1 question that you missed can be retried for practice now.")
    assert [step.link.text for step in later.steps][1:] == ["Retry 1 question of Order"]
    assert later.later == ""


def test_a_learner_who_has_answered_everything_is_sent_to_the_interview(catalog: Catalog) -> None:
    known = [standing(question.id) for question in catalog.packs["small"].questions]
    (step,) = suggestions(catalog, known, NOON).steps
    assert step.link.href == "/topics/small/interview"
