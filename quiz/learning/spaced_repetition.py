"""Spaced repetition by FSRS: how well a question is remembered, and when it is due again.

Default parameters without randomness, so that the same attempts always give the same days. Days are
UTC days; a question is due from the first minute of its day.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from fsrs import Card, Rating, Scheduler, State

# What a learner may say about a review's day. "soon" (too soon) lengthens the interval.
Correction = Literal["soon", "fine", "late"]
CORRECTIONS: dict[Correction, float] = {"soon": 1.5, "fine": 1.0, "late": 0.6}
# No steps of minutes: a retry on the same day is practice.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
LONGEST = SCHEDULER.maximum_interval
DAY = timedelta(days=1)
# An answer with a lower score was not remembered.
PASSED = 0.5


@dataclass(frozen=True, slots=True)
class Memory:
    stability: float
    """Days until the probability of a right answer is 0.9."""
    difficulty: float
    """1 to 10."""
    reviewed: datetime
    """The start of the day of the last answer that counts."""
    due: datetime
    """The start of the day of the next review."""

    @property
    def days(self) -> int:
        return (self.due - self.reviewed).days


def rating(
    score: float | None, *, first: bool, confidence: str | None = None, hinted: bool = False
) -> Rating:
    """FSRS's rating of an answer. `score` is None if the answer was only shown."""
    if score is None or score < PASSED:
        return Rating.Again
    if score < 1 or hinted or confidence == "guess":
        return Rating.Hard
    return Rating.Easy if first and confidence == "certain" else Rating.Good


def after(
    before: Memory | None,
    score: float | None,
    at: datetime,
    *,
    confidence: str | None = None,
    hinted: bool = False,
    correction: Correction | None = None,
) -> Memory:
    """The state after an answer. A wrong answer of a certain learner is due on the next day."""
    today = _day(at)
    card = Card(card_id=0, due=today)
    if before:
        card = Card(
            card_id=0,
            state=State.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=before.reviewed,
        )
    rated = rating(score, first=before is None, confidence=confidence, hinted=hinted)
    card, _ = SCHEDULER.review_card(card, rated, today)
    assert card.stability is not None
    assert card.difficulty is not None
    now = Memory(card.stability, card.difficulty, today, card.due)
    if rated is Rating.Again and confidence == "certain":
        now = replace(now, due=today + DAY)
    return _corrected(now, correction)


def _corrected(memory: Memory, said: Correction | None) -> Memory:
    """The state with a longer or shorter interval, as the learner said. The stability follows."""
    factor = CORRECTIONS[said or "fine"]
    if factor == 1:
        return memory
    stability = memory.stability * factor
    days = min(max(round(memory.days * factor), 1), LONGEST)
    return replace(memory, stability=stability, due=memory.reviewed + days * DAY)


def recall(memory: Memory, now: datetime) -> float:
    """The probability, 0 to 1, of a right answer at this time."""
    card = Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.reviewed,
    )
    return SCHEDULER.get_card_retrievability(card, _day(now))


def is_due(memory: Memory, now: datetime) -> bool:
    return memory.due <= _day(now)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The mean grade of the `n` answers that a learner gave with one confidence."""

    confidence: str
    n: int
    mean: float


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
