"""What a class answered first, question by question, without a word of who.

Its SQL stands here, over a connection that storage hands in; what an answer means it knows not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, null, select

from quiz.storage.tables import attempt, standing

# From so many learners on: of fewer, a number tells of somebody.
FEWEST = 5

ALL = (
    select(standing.c.pack, standing.c.question, attempt.c.answer, attempt.c.score)
    .join(attempt, attempt.c.id == standing.c.first_attempt)
    # One that was brought in may have been asked with other numbers.
    .where(standing.c.first_revealed.is_(False), attempt.c.drawn.is_(null()))
    .order_by(standing.c.pack, standing.c.question)
)


@dataclass(frozen=True, slots=True)
class FirstTries:
    """Of one question: each learner's first answer, and how many of them, 0 to 1, were right."""

    pack: str
    question: str
    answers: tuple[Any, ...]
    rate: float


def read(rows: Sequence[Row[Any]]) -> list[FirstTries]:
    """Of those questions that enough have answered."""
    by_question: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        by_question.setdefault((row.pack, row.question), []).append(row)
    return [
        FirstTries(
            pack,
            question,
            tuple(row.answer for row in some),
            sum(row.score == 1 for row in some) / len(some),
        )
        for (pack, question), some in by_question.items()
        if len(some) >= FEWEST
    ]
