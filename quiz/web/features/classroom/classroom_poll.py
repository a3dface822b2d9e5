"""A classroom poll: how many gave which answer, and the one run of the class. Pure.

The poll knows the number of learners who answered, not who they are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import Markup

from quiz.questions.answers import Count
from quiz.runs.run import Run
from quiz.storage.classroom import Poll, Turnout
from quiz.web.components.questions.answered_question import load_kept_run
from quiz.web.components.questions.question_card import Card, inline
from quiz.web.components.runs.run_panel import RunPanel, run_panel
from quiz.web.components.runs.run_wording import elapsed
from quiz.web.components.runs.viewer import Viewer
from quiz.web.core.request import State


@dataclass(frozen=True, slots=True)
class Row:
    """An option. `n` is None while the counts are hidden; `share` is in per cent of the largest."""

    text: Markup
    n: int | None
    share: float
    right: bool


@dataclass(frozen=True)
class ClassroomPoll:
    """`panel` is None for a question without a demo."""

    card: Card
    round: Poll
    turnout: Turnout
    panel: RunPanel | None
    now: datetime

    @property
    def run(self) -> Run | None:
        return self.panel.run if self.panel else None

    @property
    def href(self) -> str:
        return projector_href(self.card)

    @property
    def since(self) -> str:
        """Start of the poll by the server's clock, because the server is in the room."""
        return f"{self.round.began.astimezone():%H:%M}"

    @property
    def lines(self) -> Sequence[Markup]:
        """Lines that the question asks to put in order."""
        return [inline(line) for line in self.card.question.lines()]

    @property
    def rows(self) -> list[Row]:
        shown = self.round.shown
        counts = self.card.question.tally(self.turnout.answers if shown else ())
        most = max((count.n for count in counts), default=0) or 1
        return [self._row(count, most) for count in counts]

    def _row(self, count: Count, most: int) -> Row:
        n = count.n if self.round.shown else None
        return Row(inline(count.text), n, 100 * count.n / most, count.right and self.is_proven)

    @property
    def is_proven(self) -> bool:
        """Whether the page may show the right answer: the counts are shown and the run is over."""
        run_is_over = self.run is not None and self.run.is_over
        return self.round.shown and (self.card.choice is None or run_is_over)

    @property
    def run_text(self) -> str:
        assert self.card.choice
        again = "Run again" if self.run else "Run"
        return f"{again} for all · about {self.card.choice.seconds}"

    @property
    def slot(self) -> str:
        """Slot of the class's run: the class has one run per question at a time."""
        return f"room {self.card.pack.slug} {self.card.question.id}"

    @property
    def version(self) -> str:
        """Text that changes with whatever the page shows."""
        run, seconds = self.run, 0
        if run and not run.is_over:
            seconds = int(elapsed(run, self.now).total_seconds())
        shown = [self.round.began.isoformat(), self.round.shown, self.turnout.answers]
        ran = [run.id, run.revision, run.wait_seconds and round(run.wait_seconds)] if run else []
        return json.dumps([*shown, self.turnout.looked, *ran, seconds])


async def load_poll(services: State, viewer: Viewer, card: Card, of: Poll) -> ClassroomPoll:
    turnout = await services["storage"].classroom.turnout(of)
    run = await load_kept_run(services["runs"], of.run)
    panel = None
    if card.choice:
        panel = run_panel(services, viewer, card.choice, run)
        panel = replace(panel, paths=card.question.fact_paths)
    return ClassroomPoll(card, of, turnout, panel, datetime.now(UTC))


def projector_href(card: Card) -> str:
    return f"{card.href}/room"
