"""Several runs of one demo: their figures on one axis, and what they say in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fastapi import Request
from markupsafe import Markup

from quiz import figure
from quiz.figure.words import listed
from quiz.sandbox.run import Run
from quiz.views import starting
from quiz.views.choice import Choice
from quiz.views.lab import Lab, part
from quiz.views.words import Told, seconds, told
from quiz.vocabulary import resolve

MOST = 4  # more would not be seen at once


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact, and what it is in each of the runs."""

    fact: Told
    values: list[str]


@dataclass(frozen=True, slots=True)
class Press:
    """The button that runs a demo's variants beside one another, with the values chosen so far."""

    action: str
    fields: list[tuple[str, str]]
    text: str


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
            Lab(request=self.request, choice=starting.choice_of(self.request, run), run=run)
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

    @property
    def columns(self) -> list[str]:
        return [lab.variant_title for lab in self.labs]

    @property
    def facts(self) -> list[Compared]:
        """What the demo measures; where it measures nothing of its own, how long its work took."""
        demo = self.labs[0].demo
        paths = [f"extra.{name}" for name in demo.extra] if demo else []
        return [self._compared(path) for path in paths or ["background_ms"]]

    def _compared(self, path: str) -> Compared:
        said = [told(path, resolve(lab.timeline.facts, path), lab.demo) for lab in self.labs]
        return Compared(said[0], [one.value for one in said])

    @cached_property
    def pictures(self) -> list[Markup]:
        """One for each run, as soon as all are over."""
        selected = self.request.query_params.get("span", "")
        drawn = figure.side_by_side([lab.timeline for lab in self.labs], selected=selected)
        shown = zip(drawn, self.columns, strict=True)
        return [
            part(self.request, "_timeline.html", figure=one, whose=title, beside=place > 0)
            for place, (one, title) in enumerate(shown)
        ]

    @property
    def again(self) -> Press | None:
        choice = self.labs[0].choice
        return press(choice) if choice and choice.demo.side_by_side else None


def press(choice: Choice) -> Press | None:
    """None where the demo names no variants for it."""
    demo = choice.demo
    variants = [demo.variants[name] for name in demo.side_by_side]
    if not variants:
        return None
    longest = seconds(max(variant.seconds for variant in variants))
    text = f"Run {listed([v.title for v in variants])} side by side · about {longest}"
    values = [(name, value) for name, value in choice.fields if name in choice.values]
    return Press(f"/demos/{demo.name}/side-by-side", values, text)


def address(runs: Sequence[Run]) -> str:
    return f"/side-by-side/{','.join(run.id for run in runs)}"
