"""A question on the wall of a room: how many answered what, and the one run that all look at.

Of who answered it knows nothing but how many they are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fastapi import Request
from markupsafe import Markup

from quiz.errors import QuizError
from quiz.network import in_lan, is_loopback
from quiz.questions.base import Count
from quiz.runs.run import Run
from quiz.storage.classroom import Round, Turnout
from quiz.web.components.questions.progress_markers import question_href
from quiz.web.components.questions.question_card import Card, inline
from quiz.web.components.runs.run_panel import Lab
from quiz.web.core.request import state


@dataclass(frozen=True, slots=True)
class Row:
    """`n` is None as long as it is hidden; `share` is of the largest, in per cent."""

    text: Markup
    n: int | None
    share: float
    right: bool


@dataclass(frozen=True)
class Wall:
    request: Request
    card: Card
    round: Round

    @property
    def href(self) -> str:
        return f"{self.card.href}/room"

    @cached_property
    def turnout(self) -> Turnout:
        return state(self.request)["storage"].turnout(self.round)

    @property
    def since(self) -> str:
        """By the clock of the server, which stands in the room."""
        return f"{self.round.began.astimezone():%H:%M}"

    @property
    def lines(self) -> Sequence[Markup]:
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
        """Whether it is time to say what is right: once all have voted and seen the run."""
        run_is_over = self.run is not None and self.run.is_over
        return self.round.shown and (self.card.choice is None or run_is_over)

    # The run of the room.

    @cached_property
    def run(self) -> Run | None:
        if self.round.run is None:
            return None
        try:
            return state(self.request)["runs"].get(self.round.run)
        except QuizError:
            # Its record made room for newer ones.
            return None

    @cached_property
    def lab(self) -> Lab | None:
        if self.card.choice is None:
            return None
        paths = self.card.question.fact_paths
        return Lab(request=self.request, choice=self.card.choice, run=self.run, paths=paths)

    @property
    def run_text(self) -> str:
        assert self.card.choice
        again = "Run again" if self.run else "Run"
        return f"{again} for all · about {self.card.choice.seconds}"

    @property
    def room(self) -> str:
        """Slot of the class's run: the class has one run per question at a time."""
        return f"room {self.card.pack.slug} {self.card.question.id}"

    @property
    def version(self) -> str:
        """Changes with whatever is drawn."""
        run, seconds = self.run, 0
        if run and not run.is_over and self.lab:
            seconds = int(self.lab.since_start.total_seconds())
        drawn = [self.round.began.isoformat(), self.round.shown, self.turnout.answers]
        ran = [run.id, run.revision, run.wait_seconds and round(run.wait_seconds)] if run else []
        return json.dumps([*drawn, self.turnout.looked, *ran, seconds])


@dataclass(frozen=True, slots=True)
class Join:
    """How someone in the room gets to the question; `alone` where only this machine can."""

    address: str
    word: str
    alone: bool


def join(request: Request) -> Join:
    settings, asked = state(request)["settings"], request.base_url
    address, alone = str(asked).removesuffix("/"), is_loopback(settings.host)
    # The wall is often opened on the server itself, under a name that leads nobody else here.
    if is_loopback(asked.hostname or "") and not alone:
        address = f"http://{in_lan(settings.host)}:{asked.port or 80}"
    return Join(f"{address}/room", settings.code, alone)


def following(card: Card) -> str:
    """The wall of the pack's next question; "" after the last."""
    questions = card.pack.questions
    place = questions.index(card.question) + 1
    return f"{question_href(card.pack, questions[place])}/room" if place < len(questions) else ""
