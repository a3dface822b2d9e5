"""An attempt at a question, and a learner's standing with a question, as plain data.

Knows no databases, pages or questions. A learner is the hash of the cookie's secret.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quiz.learning.spaced_repetition import Correction, Memory

# How sure the learner was, from the least.
CONFIDENCES = {"guess": "Guess", "think": "Think so", "certain": "Certain"}
LONGEST_SET_BACK = timedelta(days=1)


def new_id() -> str:
    """An unguessable id. Ids sort by time, so that new rows are stored beside each other."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(10)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    id: str
    learner: str
    token: str
    """Identifies the form: if it is sent twice, the second is the same attempt."""
    pack: str
    question: str
    kind: str
    answer: Any
    """The result of the kind's `parse`; None if revealed."""
    score: float | None
    """0 to 1; None if revealed."""
    revealed: bool = False
    """"Show me": the learner did not answer."""
    run: str | None = None
    at: datetime
    counted: bool = True
    """Whether it counts, by the rule of scoring.py. Otherwise it is practice."""
    confidence: str | None = None
    """One of CONFIDENCES; None if the learner did not say."""
    hinted: bool = False
    """Whether the learner took a hint, which halves the score."""
    correction: Correction | None = None
    """The learner's correction of the next review's day, see spaced_repetition.py."""
    drawn: Mapping[str, float] | None = None
    """The parameters of the question variant; None for the question itself."""


def after_all(newest: datetime | None, now: datetime) -> datetime:
    """The time of a learner's next attempt: later than the newest, even if the clock was set back.

    A learner's attempts are sorted by time. A time more than a day ahead was imported, and ignored.
    """
    if newest is not None and now <= newest < now + LONGEST_SET_BACK:
        return newest + timedelta(milliseconds=1)
    return now


@dataclass(frozen=True, slots=True)
class Try:
    attempt: str
    score: float | None
    revealed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The result of a learner's attempts at one question."""

    pack: str
    question: str
    n: int
    first: Try
    """The first submission. It may be revealed."""
    latest: Try
    """The last submission, whether or not it counts."""
    counted: Try
    """The last submission that counts. The first submission always counts."""
    answered_at: datetime | None
    """When the learner last answered, not revealed."""
    memory: Memory | None = None
    """The state of spaced repetition after the attempts that count."""
