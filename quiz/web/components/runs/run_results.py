"""What a run shows so far: timeline, sentence, facts, code, versions. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from quiz.claims.facts import resolve
from quiz.claims.relations import Held, held
from quiz.demos.model import Demo, Extra
from quiz.figure import Figure, Live, Sentence, draw, tell
from quiz.questions.prediction import Prediction
from quiz.runs.run import Run
from quiz.timeline import Timeline
from quiz.web.components import wording
from quiz.web.components.runs import run_wording
from quiz.web.components.runs.demo_files import File, files


@dataclass(frozen=True)
class Record:
    """What a finished run left behind: output, all facts, versions, addresses of its data."""

    run: Run

    @property
    def output(self) -> str:
        return self.run.output

    @property
    def cut(self) -> bool:
        """Whether the output was longer than what is kept."""
        return self.run.output_bytes > len(self.run.output.encode())

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        return list(wording.flatten(self.run.timeline.facts))

    @property
    def versions(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in self.run.versions.items())

    @property
    def trace_href(self) -> str:
        return f"/sandbox/runs/{self.run.id}/trace"

    @property
    def json_href(self) -> str:
        return f"/sandbox/runs/{self.run.id}"


@dataclass(frozen=True, kw_only=True)
class RunResults:
    """`paths` are the facts to list. `span` is the selected span; None if nothing is selected."""

    run: Run
    now: datetime
    demo: Demo | None = None
    span: str | None = None
    paths: Sequence[str] = ()
    predicted: Prediction | None = None

    @cached_property
    def timeline(self) -> Timeline:
        return self.run.timeline

    @cached_property
    def figure(self) -> Figure | None:
        """The timeline as a picture; None before the first event."""
        if not self.run.events:
            return None
        return draw(
            self.timeline, live=self._live, selected=self.span or "", prediction=self.predicted
        )

    @property
    def _live(self) -> Live | None:
        if self.run.is_over:
            return None
        elapsed = run_wording.elapsed(self.run, self.now).total_seconds()
        return Live(elapsed * 1000, self.run.seconds * 1000)

    @cached_property
    def sentence(self) -> Sentence | str:
        return tell(self.timeline, live=not self.run.is_over) if self.run.events else ""

    @property
    def facts(self) -> list[wording.FactText]:
        """Facts that the question's claims name; without a question, the facts the demo adds."""
        if not self.run.is_over or not self.run.events or self.run.truncated:
            return []
        paths = list(self.paths) or [f"extra.{name}" for name in self.run.extra]
        facts = self.timeline.facts
        if self.run.broken:
            paths += ["undone", "doubled", *(f"late_ms.{name}" for name in facts["late_ms"])]
        return [wording.fact_text(path, resolve(facts, path), self.demo) for path in paths]

    @cached_property
    def prediction(self) -> list[Held]:
        """Each predicted task beside what the run shows; empty if the run decides nothing."""
        if self.predicted is None or not self.run.events or not self.run.decides:
            return []
        return held(self.timeline.facts, self.predicted)

    @property
    def curves(self) -> list[Extra]:
        """The demo's explanations of the curves in the picture."""
        known = self.demo.curves if self.demo else {}
        return [known[c.name] for c in self.timeline.curves if c.name in known] if known else []

    @property
    def files(self) -> list[File]:
        """The source that ran; functions of the timeline have the colours of their lanes."""
        lanes = {span.name: span.lane for span in self.timeline.spans if span.is_call}
        chosen = self.figure.selected if self.figure and self.span is not None else None
        return files(self.run.source, lanes, chosen.line if chosen else None)

    @property
    def record(self) -> Record | None:
        return Record(self.run) if self.run.is_over else None

    @property
    def versions(self) -> str:
        return run_wording.versions(self.run)
