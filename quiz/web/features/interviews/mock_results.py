"""What a mock interview came to: by topic, by confidence, and what to revise first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fastapi import Request

from quiz.learning import scoring
from quiz.learning.attempt import CONFIDENCES, Attempt
from quiz.questions.base import MARKS, number
from quiz.storage.mock_interviews import MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.web.components.questions import interview_card as aloud
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.interview_card import Button, InterviewCard
from quiz.web.components.wording import plural, seconds
from quiz.web.core.request import state
from quiz.web.features.interviews.mock import Asked

RUNS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A topic, or a confidence, and what the answers of it come to."""

    name: str
    score: float
    answered: int
    open: int = 0

    @property
    def right(self) -> str:
        return f"{number(round(self.score, 2))} of {self.answered}" if self.answered else "–"


@dataclass(frozen=True, slots=True)
class Row:
    """A question: what was answered, what that is worth, and where its run is."""

    asked: Asked
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
        return (self.asked.answer.confidence if self.asked.answer else None) or ""

    @property
    def because(self) -> str:
        return self.asked.answer.because if self.asked.answer else ""

    @property
    def href(self) -> str:
        if self.attempt:
            return f"/attempts/{self.attempt.id}"
        return self.asked.card.href if self.asked.card else ""

    @property
    def way(self) -> str:
        """What its attempt's page has."""
        if self.attempt and self.attempt.run:
            return "See its run"
        return "Run it" if self.asked.card and self.asked.card.choice else "See the answer"

    @property
    def urgency(self) -> int:
        """What to revise first: sure and wrong, then wrong, then left open, then right by luck."""
        if self.attempt is None:
            return 2
        if self.score < 1:
            return 0 if self.confidence == "certain" else 1
        return 3 if self.confidence == "guess" else 4

    @property
    def to_run(self) -> bool:
        """Whether it was missed and has something that did not run yet."""
        attempt, card = self.attempt, self.asked.card
        missed = attempt is not None and attempt.run is None and self.score < 1
        return bool(missed and card and card.choice)


@dataclass(frozen=True, slots=True)
class Aloud:
    """A card that was said aloud, or was to be, with the notes made on it."""

    place: int
    card: InterviewCard
    said: bool
    notes: str


@dataclass(frozen=True)
class Report:
    interview: MockInterview
    asked: Sequence[Asked]
    attempts: Mapping[str, Attempt]
    rehearsals: Mapping[tuple[str, str], Rehearsal]

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(one) for one in self.asked if one.item.kind == "question"]

    def _row(self, one: Asked) -> Row:
        attempt = self.attempts.get(self.interview.token_of(one.place))
        deadline = self.interview.deadline
        late = bool(deadline and attempt and attempt.at > deadline)
        return Row(one, attempt, late)

    @property
    def total(self) -> Line:
        return _line("All", self.rows)

    @property
    def by_topic(self) -> list[Line]:
        topics = dict.fromkeys(row.asked.topic for row in self.rows)
        return [_line(t, [row for row in self.rows if row.asked.topic == t]) for t in topics]

    @property
    def by_confidence(self) -> list[Line]:
        """From the surest; those who said nothing last."""
        names = {**dict(reversed(CONFIDENCES.items())), "": "Not said"}
        given = [row for row in self.rows if row.attempt]
        lines = [_line(n, [r for r in given if r.confidence == key]) for key, n in names.items()]
        return [line for line in lines if line.answered]

    @property
    def revise(self) -> list[Row]:
        return sorted((row for row in self.rows if row.urgency < 4), key=lambda row: row.urgency)

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.urgency == 4]

    @property
    def to_run(self) -> list[Row]:
        """As many as one press starts."""
        return [row for row in self.revise if row.to_run][:RUNS_AT_ONCE]

    @property
    def run_text(self) -> str:
        missed = sum(row.to_run for row in self.rows)
        takes = [c.choice.variant.takes for r in self.to_run if (c := r.asked.card) and c.choice]
        which = f"{len(takes)} of the {missed}" if missed > len(takes) else f"the {missed}"
        what = "the one" if missed == 1 else which
        return f"Run {what} you missed · about {seconds(max(takes, default=0))}"

    @property
    def aloud(self) -> list[Aloud]:
        return [self._aloud(one, one.aloud) for one in self.asked if one.aloud]

    def _aloud(self, one: Asked, card: InterviewCard) -> Aloud:
        last = self.rehearsals.get((one.item.pack, one.item.name))
        # What was said of it before this interview says nothing of this time.
        mark = (
            last.mark if last and self.interview.ended and last.at >= self.interview.ended else ""
        )
        buttons = [Button(b.value, b.text, b.value == mark) for b in card.buttons]
        said = aloud.SAID[mark] if mark else ""
        action = f"/interview/{self.interview.id}/{one.place}/mark"
        drawn = replace(card, action=action, buttons=buttons, said=said)
        return Aloud(one.place, drawn, one.answered, one.answer.because if one.answer else "")

    @property
    def notes(self) -> list[str]:
        """What is to be said of it as a whole, beside the score."""
        late = sum(row.late for row in self.rows)
        gone = sum(one.gone for one in self.asked)
        return [
            *([f"{plural(self.total.open, 'question')} left open."] if self.total.open else []),
            *([f"{plural(late, 'answer')} came after the time."] if late else []),
            *([f"{plural(gone, 'item')} no longer in a pack."] if gone else []),
        ]


def report(request: Request, interview: MockInterview, asked: Sequence[Asked]) -> Report:
    storage, who = state(request)["storage"], interview.learner
    tokens = [interview.token_of(one.place) for one in asked]
    return Report(
        interview=interview,
        asked=asked,
        attempts=storage.attempts_by_token(who, tokens),
        rehearsals={(one.pack, one.topic): one for one in storage.rehearsals(who)},
    )


def _line(name: str, rows: Iterable[Row]) -> Line:
    some = list(rows)
    answered = [row for row in some if row.attempt]
    score = sum(row.score for row in answered)
    return Line(name, score, len(answered), len(some) - len(answered))
