"""The question that is offered after a miss, in the shipped packs."""

from datetime import UTC, datetime

import pytest

from quiz.learning.attempt import Standing, Try
from quiz.packs.catalog import load
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.settings import Settings
from quiz.web.components.questions import next_steps
from quiz.web.components.questions.progress_markers import Standings


@pytest.fixture(scope="module")
def pack() -> Pack:
    return max(load(Settings()).packs.values(), key=lambda pack: len(pack.questions))


def shared(pack: Pack) -> tuple[str, list[Question]]:
    """A misconception that more than two questions have, with these."""
    for name in pack.misconceptions:
        found = [question for question in pack.questions if name in question.misconceptions]
        if len(found) > 2:
            return name, found
    raise AssertionError("no misconception is shared")


def offered(pack: Pack, missed: Question, beliefs: list[str], marks: Standings) -> str | None:
    """The id of the question that is offered."""
    offer = next_steps.related(pack, missed, beliefs, marks)
    return offer.href.rpartition("/")[2] if offer else None


def test_a_miss_leads_to_another_question_on_the_same_misconception(pack: Pack) -> None:
    name, (missed, other, *_) = shared(pack)
    assert offered(pack, missed, [name], {}) == other.id


def latest(pack: Pack, question: Question, score: float) -> Standing:
    tried = Try("a", score, False, datetime.now(UTC))
    return Standing(pack.slug, question.id, 1, tried, tried, tried, tried.at)


def test_unanswered_questions_are_offered_before_those_wrong_last(pack: Pack) -> None:
    name, (missed, *others) = shared(pack)
    marks = {other.id: latest(pack, other, 1.0) for other in others}
    # What is known one by one: the offer is always the one least known.
    marks[others[-1].id] = latest(pack, others[-1], 0.0)
    assert offered(pack, missed, [name], marks) == others[-1].id
    del marks[others[-2].id]
    assert offered(pack, missed, [name], marks) == others[-2].id


def test_a_learner_who_knows_all_questions_is_still_offered_one(pack: Pack) -> None:
    name, (missed, *others) = shared(pack)
    marks = {other.id: latest(pack, other, 1.0) for other in others}
    assert offered(pack, missed, [name], marks) == others[0].id


def test_the_offer_names_the_misconception_or_the_concept(pack: Pack) -> None:
    name, (missed, other, *_) = shared(pack)
    on_belief = next_steps.related(pack, missed, [name], {})
    assert on_belief
    assert (on_belief.words, on_belief.stem) == ("A question on just this", other.stem)
    on_concept = next_steps.related(pack, missed, [], {})
    assert on_concept
    assert on_concept.words == "A question on the same concept"


def test_a_miss_without_a_misconception_offers_the_same_concept_or_nothing(pack: Pack) -> None:
    for missed in pack.questions:
        alike = [q.id for q in pack.questions if q.concept == missed.concept and q is not missed]
        expected = alike[0] if missed.concept and alike else None
        assert offered(pack, missed, [], {}) == expected
