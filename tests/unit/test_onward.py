"""Which question a miss leads to, over the packs that ship."""

from datetime import UTC, datetime

import pytest

from quiz.attempt import Standing, Try
from quiz.content import load
from quiz.question import Pack, Question
from quiz.settings import Settings
from quiz.views import onward


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


def test_a_miss_leads_to_another_question_on_the_same_misconception(pack: Pack) -> None:
    name, (missed, other, *_) = shared(pack)
    link = onward.treats(pack, missed, [name], {})
    assert link
    assert link.href.endswith(f"/{other.id}")


def test_what_is_answered_right_by_now_comes_after_what_is_not(pack: Pack) -> None:
    name, (missed, known, other, *_) = shared(pack)
    right = Try("a", 1.0, False, datetime.now(UTC))
    marks = {known.id: Standing(pack.slug, known.id, 1, right, right, right, right.at)}
    link = onward.treats(pack, missed, [name], marks)
    assert link
    assert link.href.endswith(f"/{other.id}")


def test_a_miss_without_a_belief_leads_to_the_same_concept_or_nowhere(pack: Pack) -> None:
    for missed in pack.questions:
        link = onward.treats(pack, missed, [], {})
        alike = [q.id for q in pack.questions if q.concept == missed.concept and q is not missed]
        if missed.concept and alike:
            assert link
            assert link.href.endswith(f"/{alike[0]}")
        else:
            assert link is None
