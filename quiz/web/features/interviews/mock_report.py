"""The report of a mock interview: scores by topic and by confidence, and what to revise first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from quiz.learning.attempt import CONFIDENCES, Attempt
from quiz.storage.mock_interviews import MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.storage.storage import Storage
from quiz.web.components.questions import interview_card as interview_cards
from quiz.web.components.questions.interview_card import Button, InterviewCard
from quiz.web.components.wording import plural, seconds
from quiz.web.features.interviews.mock_item import MockItem, OwnInterview
from quiz.web.features.interviews.mock_scores import QuestionRow, ScoreRow, score_row

# Runs that one press starts.
RUNS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class SpokenAnswer:
    """An interview card in the report. `said`: the learner pressed "I have said it"."""

    place: int
    card: InterviewCard
    said: bool
    notes: str


@dataclass(frozen=True)
class Report:
    """`attempts` by token; `rehearsals`, the learner's latest, by pack and topic."""

    interview: MockInterview
    items: Sequence[MockItem]
    attempts: Mapping[str, Attempt]
    rehearsals: Mapping[tuple[str, str], Rehearsal]

    @cached_property
    def rows(self) -> list[QuestionRow]:
        return [self._row(item) for item in self.items if item.item.kind == "question"]

    def _row(self, item: MockItem) -> QuestionRow:
        attempt = self.attempts.get(self.interview.token_of(item.place))
        deadline = self.interview.deadline
        late = bool(deadline and attempt and attempt.at > deadline)
        return QuestionRow(item, attempt, late)

    @property
    def total(self) -> ScoreRow:
        return score_row("All", self.rows)

    @property
    def by_topic(self) -> list[ScoreRow]:
        topics = dict.fromkeys(row.item.topic for row in self.rows)
        return [score_row(t, [row for row in self.rows if row.item.topic == t]) for t in topics]

    @property
    def by_confidence(self) -> list[ScoreRow]:
        """From "certain" to "guess", then answers without a confidence."""
        names = {**dict(reversed(CONFIDENCES.items())), "": "Not said"}
        given = [row for row in self.rows if row.attempt]
        return [
            score_row(name, rows)
            for key, name in names.items()
            if (rows := [row for row in given if row.confidence == key])
        ]

    @property
    def revise(self) -> list[QuestionRow]:
        return sorted((row for row in self.rows if row.urgency < 4), key=lambda row: row.urgency)

    @property
    def known(self) -> list[QuestionRow]:
        return [row for row in self.rows if row.urgency == 4]

    @property
    def to_run(self) -> list[QuestionRow]:
        """The missed questions whose runs one press starts."""
        return [row for row in self.revise if row.to_run][:RUNS_AT_ONCE]

    @property
    def run_text(self) -> str:
        missed = sum(row.to_run for row in self.rows)
        choices = [row.item.card.choice for row in self.to_run if row.item.card]
        longest = max((choice.variant.takes for choice in choices if choice), default=0)
        which = f"{len(choices)} of the {missed}" if missed > len(choices) else f"the {missed}"
        what = "the one" if missed == 1 else which
        return f"Run {what} you missed · about {seconds(longest)}"

    @property
    def spoken(self) -> list[SpokenAnswer]:
        return [
            self._spoken(item, item.interview_card) for item in self.items if item.interview_card
        ]

    def _spoken(self, item: MockItem, card: InterviewCard) -> SpokenAnswer:
        last = self.rehearsals.get((item.item.pack, item.item.name))
        ended = self.interview.ended
        # An earlier mark says nothing about the answer in this interview.
        mark = last.mark if last and ended and last.at >= ended else None
        marked = replace(
            card,
            action=f"/interview/{self.interview.id}/{item.place}/mark",
            buttons=[Button(one.value, one.text, one.value == mark) for one in card.buttons],
            said=interview_cards.SAID[mark] if mark else "",
        )
        notes = item.answer.because if item.answer else ""
        return SpokenAnswer(item.place, marked, item.answered, notes)

    @property
    def notes(self) -> list[str]:
        """Remarks beside the score: questions left open, late answers, items that are gone."""
        late = sum(row.late for row in self.rows)
        gone = sum(item.gone for item in self.items)
        return [
            *([f"{plural(self.total.open, 'question')} left open."] if self.total.open else []),
            *([f"{plural(late, 'answer')} came after the time."] if late else []),
            *([f"{plural(gone, 'item')} no longer in a pack."] if gone else []),
        ]


async def load_report(storage: Storage, own: OwnInterview) -> Report:
    learner = own.interview.learner
    tokens = [own.interview.token_of(item.place) for item in own.items]
    attempts = await storage.attempts.by_token(learner, tokens)
    rehearsals = await storage.rehearsals.all(learner)
    return Report(
        interview=own.interview,
        items=own.items,
        attempts=attempts,
        rehearsals={(one.pack, one.topic): one for one in rehearsals},
    )
