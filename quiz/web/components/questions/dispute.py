"""Two runs that contradict a question's key, and the report for the pack's author. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from quiz.claims.facts import resolve
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.runs.run import Run
from quiz.storage.disputes import Dispute

EXPECTED = {True: "must hold", False: "must not hold", None: "may hold"}


@dataclass(frozen=True)
class DisputeReport:
    """`run` and `repetition` are the two runs; None if the run is no longer kept."""

    pack: Pack
    question: Question
    kept: Dispute
    run: Run | None
    repetition: Run | None

    @property
    def first(self) -> str:
        return f"/runs/{self.kept.first_run}"

    @property
    def second(self) -> str:
        return f"/runs/{self.kept.second_run}"

    @property
    def report(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"Two runs contradict the right answer of {self.question.id} in {self.pack.slug}."
        yield ""
        if self.run is None:
            return
        yield f"Demo: {self.run.demo}, {self.run.variant}, {self.run.environment}"
        yield f"Parameters: {json.dumps(dict(self.run.parameters))}"
        yield "Versions: " + ", ".join(f"{name} {v}" for name, v in self.run.versions.items())
        yield f"Runs: {self.kept.first_run}, {self.kept.second_run}"
        for which, run in (("first", self.run), ("second", self.repetition)):
            if run:
                yield f"Facts of the {which}:"
                yield from (f"  {path} = {_fact(run, path)}" for path in self.question.fact_paths)
        yield "Claims:"
        yield from self._claims(self.run)

    def _claims(self, run: Run) -> Iterator[str]:
        expected = self.question.expected()
        outcomes = self.question.outcomes(run.timeline.facts)
        for name, claim in self.question.claims():
            must = EXPECTED[expected[name]]
            yield f"  {name} {must} and {outcomes[name].word}: {claim.source}"


def _fact(run: Run, path: str) -> str:
    return json.dumps(resolve(run.timeline.facts, path), default=str)
