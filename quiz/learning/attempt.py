"""An attempt, and where a learner stands: plain data that storage keeps and progress judges.

It knows nothing of databases, pages or the questions themselves. A learner is the hash of the
cookie's secret.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quiz.learning.spaced_repetition import Correction, Memory

# How sure one was, from the least.
CONFIDENCES = {"guess": "Guess", "think": "Think so", "certain": "Certain"}
LONGEST_SET_BACK = timedelta(days=1)


def new_id() -> str:
    """Unguessable, and in the order of time, so that a new row lands beside the last one."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(10)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    id: str
    learner: str
    token: str
    """The form's own: sent twice, it is still one attempt."""
    pack: str
    question: str
    kind: str
    answer: Any
    """As the kind's `parse` gave it; None when revealed."""
    score: float | None
    """0 to 1; None when revealed."""
    revealed: bool = False
    """"Just show me": nothing was predicted."""
    run: str | None = None
    at: datetime
    counted: bool = True
    """Storage decides it, by the rule of scoring.py; what does not count is practice."""
    confidence: str | None = None
    """One of CONFIDENCES, where the learner said it."""
    hinted: bool = False
    """A hint was taken, which costs half of what the answer is worth."""
    correction: Correction | None = None
    """What the learner then said of the days that it is away, see spaced_repetition.py."""
    drawn: Mapping[str, float] | None = None
    """The values of the demo's parameters with which it was asked; None: the question's own."""


def after_all(newest: Sequence[Attempt], now: datetime) -> datetime:
    """The time of a learner's next attempt: later than the newest, though the clock was set back.

    Times order a learner's attempts. A time further ahead than a day was imported.
    """
    for one in newest:
        if now <= one.at < now + LONGEST_SET_BACK:
            return one.at + timedelta(milliseconds=1)
    return now


@dataclass(frozen=True, slots=True)
class Try:
    attempt: str
    score: float | None
    revealed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner's attempts at one question come to."""

    pack: str
    question: str
    n: int
    first: Try
    """The first submission ever; where it was revealed, the question was shown."""
    latest: Try
    """The last submission, whether it counts or not."""
    counted: Try
    """The last one that counts; the first always does."""
    answered_at: datetime | None
    """The last time that an answer was given, not revealed."""
    memory: Memory | None = None
    """What the attempts that count make of it."""
