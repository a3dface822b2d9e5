"""The next review of one question: when it is due, and how the learner can correct that. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime

from quiz.learning.attempt import Attempt, Standing
from quiz.learning.spaced_repetition import DAY
from quiz.web.components.wording import day, plural


@dataclass(frozen=True, slots=True)
class NextReview:
    """When a question is due again. `said` is the learner's correction; "" without one."""

    words: str
    action: str
    said: str


def next_review(standing: Standing | None, attempt: Attempt, now: datetime) -> NextReview | None:
    """None if another attempt decides when the question is due."""
    if standing is None or standing.memory is None or standing.counted.attempt != attempt.id:
        return None
    left = (standing.memory.due - now) / DAY
    days = max(0, math.ceil(left))
    when = "tomorrow" if days == 1 else f"in {plural(days, 'day')}"
    words = (
        "It is due" if left <= 0 else f"It comes back {when}, on {day(standing.memory.due, now)}"
    )
    return NextReview(words, f"/attempts/{attempt.id}/correction", attempt.correction or "")
