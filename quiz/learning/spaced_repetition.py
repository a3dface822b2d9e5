"""How well a question is remembered, and when it is due again: FSRS by days. Pure.

Default parameters and no chance, so that the same attempts always lead to the same days. Days are
those of UTC: what is due on a day is due from its first minute. Knows nothing of databases.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from fsrs import Card, Rating, Scheduler, State

# What a learner may say of the days that a question is away: too soon makes them more.
Correction = Literal["soon", "fine", "late"]
CORRECTIONS: dict[Correction, float] = {"soon": 1.5, "fine": 1.0, "late": 0.6}
# Steps of minutes are for cards that one turns; a retry within the day is practice here.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
LONGEST = SCHEDULER.maximum_interval
DAY = timedelta(days=1)
# Less than this of an answer was not remembered.
PASSED = 0.5


@dataclass(frozen=True, slots=True)
class Memory:
    stability: float
    """Days until the chance of a right answer has fallen to 0.9."""
    difficulty: float
    """1 to 10."""
    reviewed: datetime
    """The start of the day on which it was last answered so that it counts."""
    due: datetime
    """The start of the day on which it comes back."""

    @property
    def days(self) -> int:
        return (self.due - self.reviewed).days


def rating(
    score: float | None, *, first: bool, confidence: str | None = None, hinted: bool = False
) -> Rating:
    """The four buttons that nobody has to press; `score` is None for what was only shown."""
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
    """What an answer makes of it. Who was certain and wrong meets it again on the next day."""
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
    """Half as many days again where it came back too soon, three fifths where too late.

    The stability changes alike, so that later days follow from it.
    """
    factor = CORRECTIONS[said or "fine"]
    if factor == 1:
        return memory
    stability = memory.stability * factor
    days = min(max(round(memory.days * factor), 1), LONGEST)
    return replace(memory, stability=stability, due=memory.reviewed + days * DAY)


def recall(memory: Memory, now: datetime) -> float:
    """The chance, 0 to 1, that it is answered right now."""
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
    """What one confidence has been worth: the mean grade of `n` answers given with it."""

    confidence: str
    n: int
    mean: float


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
