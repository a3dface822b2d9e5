"""Executes the runs that proofs need. Questions that need the same run share its repetitions.

It knows runs and how they are judged (judge.py), neither pages nor files.
"""

import asyncio
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from quiz.demos.model import Demo
from quiz.errors import QuizError
from quiz.proofs.judge import (
    MOST_TIMES,
    Facts,
    RequiredRun,
    evaluate,
    every,
    hash_of,
    judge,
    required_runs,
    wants_more,
)
from quiz.proofs.record import ClaimResult, Platform, Proof
from quiz.questions.base import Question
from quiz.runs.run import Run
from quiz.runs.service import Runs

# How often a run is repeated if the machine was too busy.
TRIES = 10
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True)
class Outcome:
    """A reliable run, or the reason why there is none."""

    run: Run | None
    reason: str = ""


class CannotRunError(QuizError):
    """A required run failed or is not reliable. The message says why."""


class Prover:
    """At most `at_once` runs at any time. `on_run` is called after each of them."""

    def __init__(
        self,
        runs: Runs,
        demos: Mapping[str, Demo],
        at_once: int,
        on_run: Callable[[RequiredRun], None] = lambda _required: None,
    ) -> None:
        self._runs = runs
        self._demos = demos
        self._places = asyncio.Semaphore(at_once)
        self._on_run = on_run
        self._outcomes: dict[RequiredRun, list[asyncio.Task[Outcome]]] = {}

    def start(self, required: Iterable[RequiredRun], times: int) -> int:
        """Start these runs, the longest first. Returns how many there will be at least."""
        distinct = dict.fromkeys(required)
        for run in sorted(distinct, key=self._seconds, reverse=True):
            self._tasks(run, times)
        return times * len(distinct)

    async def prove(
        self, question: Question, times: int, environments: Iterable[str] = ()
    ) -> Proof:
        """Prove the key. `environments` are others in which to check whether the key holds."""
        required = required_runs(question)
        if not required:
            return judge(question, {})
        try:
            runs = {run: await self._facts(run, times) for run in required}
            for one in every(question):
                own = required_runs(one)[0]
                while wants_more(one, runs[own]):
                    runs[own] = await self._facts(own, min(len(runs[own]) + times, MOST_TIMES))
            elsewhere = {name: await self._holds(question, name, times) for name in environments}
        except CannotRunError as error:
            return self._dated(
                question, Proof(id=question.id, status="unproven", reason=str(error))
            )
        proof = judge(question, runs).model_copy(update={"elsewhere": elsewhere})
        return self._dated(question, proof, await self._platform(required[0]))

    async def _holds(self, question: Question, environment: str, times: int) -> bool:
        results: list[ClaimResult] = []
        for one in every(question):
            assert one.demo
            facts = await self._facts(RequiredRun.of(one.demo, environment), times)
            results += evaluate(one, facts)
        return all(result.passed for result in results)

    def _dated(self, question: Question, proof: Proof, ran: Platform | None = None) -> Proof:
        about = {"hash": hash_of(question, self._demos), "on": datetime.now(UTC).date(), "ran": ran}
        return proof.model_copy(update=about)

    async def _platform(self, required: RequiredRun) -> Platform:
        run = (await self._outcomes[required][0]).run
        assert run
        system = f"{platform.system()} {platform.machine()}"
        return Platform(environment=required.environment, versions=dict(run.versions), os=system)

    async def _facts(self, required: RequiredRun, times: int) -> list[Facts]:
        """The facts of so many repetitions. Raises CannotRunError."""
        outcomes = await asyncio.gather(*self._tasks(required, times))
        for outcome in outcomes:
            if outcome.run is None:
                raise CannotRunError(outcome.reason)
        return [outcome.run.timeline.facts for outcome in outcomes if outcome.run]

    def _tasks(self, required: RequiredRun, times: int) -> list[asyncio.Task[Outcome]]:
        tasks = self._outcomes.setdefault(required, [])
        tasks += [asyncio.create_task(self._run(required)) for _ in range(times - len(tasks))]
        return tasks[:times]

    async def _run(self, required: RequiredRun) -> Outcome:
        async with self._places:
            try:
                return await self._reliable(required)
            except QuizError as error:
                return Outcome(None, str(error))
            finally:
                self._on_run(required)

    async def _reliable(self, required: RequiredRun) -> Outcome:
        """Repeat the run until it is reliable."""
        name = f"{required.demo}, {required.variant}"
        for _ in range(TRIES):
            started = await self._runs.start(
                required.demo, required.variant, required.environment, dict(required.parameters)
            )
            run = await self._runs.wait(started.id, PATIENCE_SECONDS)
            if run.status != "finished":
                return Outcome(None, f"{name}: {run.status}. {run.reason or ''}")
            if run.decides:
                return Outcome(run)
            if run.truncated:
                break
        return Outcome(None, f"{name}: {run.doubt}")

    def _seconds(self, required: RequiredRun) -> float:
        return self._demos[required.demo].variant(required.variant).takes
