"""When a question is due: FSRS in whole days, without rating buttons, and without chance."""

from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from quiz.learning import spaced_repetition
from quiz.learning.spaced_repetition import DAY, Correction, Memory

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDNIGHT = NOON.replace(hour=0)
SCORES = st.sampled_from([None, 0.0, 0.4, 0.5, 0.9, 1.0])
SURE = st.sampled_from([None, "guess", "think", "certain"])


@pytest.mark.parametrize(
    ("score", "first", "confidence", "hinted", "rating"),
    [
        (None, True, None, False, Rating.Again),
        (0.0, True, "certain", False, Rating.Again),
        (0.4, False, None, False, Rating.Again),
        (0.5, False, None, False, Rating.Hard),
        (1.0, True, "guess", False, Rating.Hard),
        (1.0, True, "certain", True, Rating.Hard),
        (1.0, True, None, False, Rating.Good),
        (1.0, False, "certain", False, Rating.Good),
        (1.0, True, "certain", False, Rating.Easy),
    ],
)
def test_the_rating_follows_from_score_confidence_and_hint(
    score: float | None, first: bool, confidence: str | None, hinted: bool, rating: Rating
) -> None:
    assert (
        spaced_repetition.rating(score, first=first, confidence=confidence, hinted=hinted) is rating
    )


def test_the_memory_equals_that_of_fsrs() -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, now, at = Card(card_id=1, due=MIDNIGHT), None, MIDNIGHT
    for score, rating in ((1.0, Rating.Good), (0.0, Rating.Again), (0.5, Rating.Hard)):
        now = spaced_repetition.after(now, score, at)
        card, _ = scheduler.review_card(card, rating, at)
        assert (now.stability, now.difficulty, now.due) == (
            card.stability,
            card.difficulty,
            card.due,
        )
        at = now.due


def test_a_more_confident_right_answer_is_due_later() -> None:
    days = [
        spaced_repetition.after(None, 1.0, NOON, confidence=sure).days
        for sure in ("guess", "think")
    ]
    assert days[0] < days[1] < spaced_repetition.after(None, 1.0, NOON, confidence="certain").days


def test_a_certain_wrong_answer_is_due_the_next_day() -> None:
    known = Memory(stability=200.0, difficulty=2.0, reviewed=MIDNIGHT - 100 * DAY, due=MIDNIGHT)
    assert spaced_repetition.after(known, 0.0, NOON).due > MIDNIGHT + DAY
    assert spaced_repetition.after(known, 0.0, NOON, confidence="certain").due == MIDNIGHT + DAY


def test_a_question_is_due_from_the_start_of_its_day() -> None:
    now = spaced_repetition.after(None, 0.0, NOON)
    assert not spaced_repetition.is_due(now, MIDNIGHT + DAY - timedelta(seconds=1))
    assert spaced_repetition.is_due(now, MIDNIGHT + DAY)


@pytest.mark.parametrize("said", ["soon", "late"])
def test_a_correction_moves_the_due_date(said: Correction) -> None:
    plain = spaced_repetition.after(None, 1.0, NOON, confidence="certain")
    changed = spaced_repetition.after(None, 1.0, NOON, confidence="certain", correction=said)
    assert (changed.due > plain.due) is (said == "soon")
    assert (changed.stability > plain.stability) is (said == "soon")


@given(st.lists(st.tuples(SCORES, SURE, st.integers(0, 400)), min_size=1, max_size=12))
def test_after_any_answers_the_interval_stays_within_bounds(
    answers: list[tuple[float | None, str | None, int]],
) -> None:
    now, at = None, NOON
    for score, sure, gap in answers:
        at += gap * DAY
        now = spaced_repetition.after(now, score, at, confidence=sure)
        assert DAY <= now.due - now.reviewed <= spaced_repetition.LONGEST * DAY
        assert now.reviewed == at.replace(hour=0)
        assert 0 < spaced_repetition.recall(now, at) <= 1
