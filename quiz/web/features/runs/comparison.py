"""Runs of one demo side by side: pictures on one axis, facts in a table, differences in words.

Pure: the caller loads the runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from quiz import figure
from quiz.claims.facts import resolve
from quiz.figure.difference import NOISE, SHARE, Compared
from quiz.figure.words import listed
from quiz.questions.placeholders import number
from quiz.runs.run import Run
from quiz.timeline import Timeline
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_comparison import SideBySideButton, side_by_side_button
from quiz.web.components.runs.run_panel import RunPanel
from quiz.web.components.wording import FactText, fact_text

MOST = 4  # the page has no room for more pictures
ORDINALS = ("the first", "the second", "the third", "the fourth")
UNSOUND = "The machine was too busy during at least one of these runs, so they are not compared."
NOT_TOLD = f"What is less than {NOISE} or {SHARE} apart is not told: repeats of one run are, too."


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, and its value in each run."""

    fact: FactText
    values: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two of the runs did differently."""

    title: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """The timeline of one run, and the title of its column."""

    figure: figure.Figure
    title: str


@dataclass(frozen=True)
class Comparison:
    """`panels` has one panel per run. `span` is the selected span; "" if none is."""

    panels: Sequence[RunPanel]
    span: str = ""

    @property
    def href(self) -> str:
        return address([panel.run for panel in self.panels if panel.run])

    @property
    def title(self) -> str:
        return self.panels[0].title

    @property
    def demo_href(self) -> str:
        return self.panels[0].demo_href

    @property
    def unfinished(self) -> bool:
        return any(panel.unfinished for panel in self.panels)

    @cached_property
    def columns(self) -> list[str]:
        """Titles of the variants, with what else differs between runs of one variant."""
        choices = [panel.choice for panel in self.panels if panel.choice]
        apart = _apart(choices) if len(choices) == len(self.panels) else [""] * len(self.panels)
        return [
            f"{panel.variant_title}, {more}" if more else panel.variant_title
            for panel, more in zip(self.panels, apart, strict=True)
        ]

    @property
    def unsound(self) -> str:
        """Why the runs are not compared; "" if they are."""
        return UNSOUND if any(panel.fault for panel in self.panels) else ""

    @property
    def differences(self) -> list[Difference]:
        """Each run against the first; empty if a run cannot be believed."""
        if self.unfinished or self.unsound:
            return []
        first, *others = (timeline.facts for timeline in self._timelines)
        return [
            Difference(
                f"{self.columns[0]} against {self.columns[place]}",
                Compared(first, facts, (ORDINALS[0], ORDINALS[place])).sentences(),
            )
            for place, facts in enumerate(others, 1)
        ]

    @property
    def not_told(self) -> str:
        return NOT_TOLD

    @property
    def facts(self) -> list[Row]:
        """Facts that the demo adds; if it adds none, the duration of the background work."""
        choice = self.panels[0].choice
        paths = [f"extra.{name}" for name in choice.demo.extra] if choice else []
        return [self._row(path) for path in paths or ["background_ms"]]

    def _row(self, path: str) -> Row:
        said = [
            fact_text(
                path, resolve(timeline.facts, path), panel.choice.demo if panel.choice else None
            )
            for panel, timeline in zip(self.panels, self._timelines, strict=True)
        ]
        return Row(said[0], [one.value for one in said])

    @cached_property
    def pictures(self) -> list[Picture]:
        """A picture per run, all on one axis."""
        drawn = figure.side_by_side(self._timelines, selected=self.span)
        return [Picture(one, title) for one, title in zip(drawn, self.columns, strict=True)]

    @property
    def _timelines(self) -> list[Timeline]:
        return [panel.run.timeline for panel in self.panels if panel.run]

    @property
    def again(self) -> SideBySideButton | None:
        choice = self.panels[0].choice
        return side_by_side_button(choice) if choice and choice.demo.side_by_side else None


def address(runs: Sequence[Run]) -> str:
    return f"/side-by-side/{','.join(run.id for run in runs)}"


def _apart(choices: Sequence[Choice]) -> list[str]:
    """Environment and values of each choice that differ between choices of its variant."""
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
