"""Rows of a mock interview's report: questions with their attempts, and scores. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from quiz.learning import scoring
from quiz.learning.attempt import CONFIDENCES, Attempt
from quiz.questions.answers import MARKS
from quiz.questions.placeholders import number
from quiz.web.components.questions import progress_markers
from quiz.web.features.interviews.mock_item import MockItem


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The score of a topic or of a confidence. `score` is the sum of grades, each 0 to 1."""

    name: str
    score: float
    answered: int
    open: int = 0

    @property
    def right(self) -> str:
        return right(self.score, self.answered) if self.answered else "–"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with the attempt that its answer became. `late`: after the deadline."""

    item: MockItem
    attempt: Attempt | None
    late: bool

    @property
    def score(self) -> float:
        return scoring.grade(self.attempt) if self.attempt else 0.0

    @property
    def mark(self) -> str:
        return progress_markers.mark(self.attempt)

    @property
    def sign(self) -> str:
        return progress_markers.SIGNS.get(self.mark, "·")

    @property
    def words(self) -> str:
        said = MARKS.get(self.mark, "Left open")
        sure = CONFIDENCES.get(self.confidence)
        parts = [said, f"“{sure}”" if sure and self.attempt else "", "late" if self.late else ""]
        return " · ".join(part for part in parts if part)

    @property
    def confidence(self) -> str:
        return (self.item.answer.confidence if self.item.answer else None) or ""

    @property
    def because(self) -> str:
        return self.item.answer.because if self.item.answer else ""

    @property
    def href(self) -> str:
        if self.attempt:
            return f"/attempts/{self.attempt.id}"
        return self.item.card.href if self.item.card else ""

    @property
    def link_text(self) -> str:
        """Text of the link to the attempt's page."""
        if self.attempt and self.attempt.run:
            return "See its run"
        return "Run it" if self.item.card and self.item.card.choice else "See the answer"

    @property
    def urgency(self) -> int:
        """Order of revision: certain but wrong 0, wrong 1, open 2, right by a guess 3, right 4."""
        if self.attempt is None:
            return 2
        if self.score < 1:
            return 0 if self.confidence == "certain" else 1
        return 3 if self.confidence == "guess" else 4

    @property
    def to_run(self) -> bool:
        """Whether the question was missed and has a demo that did not run yet."""
        attempt, card = self.attempt, self.item.card
        missed = attempt is not None and attempt.run is None and self.score < 1
        return bool(missed and card and card.choice)


def score_row(name: str, rows: Iterable[QuestionRow]) -> ScoreRow:
    some = list(rows)
    answered = [row for row in some if row.attempt]
    score = sum(row.score for row in answered)
    return ScoreRow(name, score, len(answered), len(some) - len(answered))


def right(score: float, answered: int) -> str:
    """ "1.5 of 2"."""
    return f"{number(round(score, 2))} of {answered}"
