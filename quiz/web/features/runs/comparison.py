"""Several runs of one demo: their figures on one axis, what they say in one table, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fastapi import Request
from markupsafe import Markup

from quiz import figure
from quiz.claims.facts import resolve
from quiz.figure.difference import NOISE, SHARE, Compared
from quiz.figure.words import listed
from quiz.questions.base import number
from quiz.runs.run import Run
from quiz.web.components.runs import run_start
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_comparison import Press, press
from quiz.web.components.runs.run_panel import Lab, part
from quiz.web.components.wording import Told, told

MOST = 4  # more would not be seen at once
ORDINALS = ("the first", "the second", "the third", "the fourth")
UNSOUND = "The machine was too busy during at least one of these runs, so they are not compared."
NOT_TOLD = f"What is less than {NOISE} or {SHARE} apart is not told: repeats of one run are, too."


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, and what it is in each of the runs."""

    fact: Told
    values: list[str]


@dataclass(frozen=True, slots=True)
class Against:
    """What two of the runs did differently."""

    title: str
    sentences: list[str]


@dataclass(frozen=True)
class Sides:
    request: Request
    runs: Sequence[Run]

    @property
    def href(self) -> str:
        return address(self.runs)

    @cached_property
    def labs(self) -> list[Lab]:
        return [
            Lab(request=self.request, choice=run_start.choice_of(self.request, run), run=run)
            for run in self.runs
        ]

    @property
    def unfinished(self) -> bool:
        return any(lab.unfinished for lab in self.labs)

    @property
    def title(self) -> str:
        return self.labs[0].title

    @property
    def demo_href(self) -> str:
        return self.labs[0].demo_href

    @cached_property
    def columns(self) -> list[str]:
        """Their variants, and what else sets those apart that are of one variant."""
        choices = [lab.choice for lab in self.labs if lab.choice]
        apart = _apart(choices) if len(choices) == len(self.labs) else [""] * len(self.labs)
        return [
            f"{lab.variant_title}, {more}" if more else lab.variant_title
            for lab, more in zip(self.labs, apart, strict=True)
        ]

    @property
    def differences(self) -> list[Against]:
        """Each held against the first; only where all can be believed."""
        if self.unfinished or self.unsound:
            return []
        first, *others = (lab.timeline.facts for lab in self.labs)
        return [
            Against(
                f"{self.columns[0]} against {self.columns[place]}",
                Compared(first, facts, (ORDINALS[0], ORDINALS[place])).sentences(),
            )
            for place, facts in enumerate(others, 1)
        ]

    @property
    def unsound(self) -> str:
        return UNSOUND if any(lab.fault for lab in self.labs) else ""

    @property
    def not_told(self) -> str:
        return NOT_TOLD

    @property
    def facts(self) -> list[Row]:
        """What the demo measures; where it measures nothing of its own, how long its work took."""
        demo = self.labs[0].demo
        paths = [f"extra.{name}" for name in demo.extra] if demo else []
        return [self._row(path) for path in paths or ["background_ms"]]

    def _row(self, path: str) -> Row:
        said = [told(path, resolve(lab.timeline.facts, path), lab.demo) for lab in self.labs]
        return Row(said[0], [one.value for one in said])

    @cached_property
    def pictures(self) -> list[Markup]:
        """One for each run, as soon as all are over."""
        selected = self.request.query_params.get("span", "")
        drawn = figure.side_by_side([lab.timeline for lab in self.labs], selected=selected)
        shown = zip(drawn, self.columns, strict=True)
        return [
            part(self.request, "timeline/figure.html", figure=one, whose=title, beside=place > 0)
            for place, (one, title) in enumerate(shown)
        ]

    @property
    def again(self) -> Press | None:
        choice = self.labs[0].choice
        return press(choice) if choice and choice.demo.side_by_side else None


def _apart(choices: Sequence[Choice]) -> list[str]:
    """Of those of one variant their environment and values, where these differ."""
    return [
        listed([*dict.fromkeys(_unlike(one, [o for o in choices if o.variant is one.variant]))])
        for one in choices
    ]


def _unlike(one: Choice, others: Sequence[Choice]) -> list[str]:
    said = [one.environment] if len({other.environment for other in others}) > 1 else []
    for name, value in one.values.items():
        if len({other.values[name] for other in others}) > 1:
            unit = " s" if name.endswith("_seconds") else ""
            said.append(f"{one.demo.parameters[name].title} {number(value)}{unit}")
    return said


def address(runs: Sequence[Run]) -> str:
    return f"/side-by-side/{','.join(run.id for run in runs)}"
