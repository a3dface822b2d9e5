"""Plays what proves a question: each needed run as often as asked, shared by all who need it.

Knows runs and what they must say (record.py); no page, no file.
"""

import asyncio
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from quiz.demos.model import Demo
from quiz.errors import QuizError
from quiz.proofs.record import (
    MOST_TIMES,
    Facts,
    Need,
    Proof,
    Ran,
    Tested,
    every,
    hash_of,
    judge,
    needs,
    wants_more,
    weigh,
)
from quiz.questions.base import Question
from quiz.runs.run import Run
from quiz.runs.service import Runs

# A run on a machine too busy is repeated so often.
TRIES = 10
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True)
class Played:
    """A run that can be believed, or why there is none."""

    run: Run | None
    reason: str = ""


class Prover:
    """`told` hears of every run that ended; at most `at_once` go on at any time."""

    def __init__(
        self,
        runs: Runs,
        demos: Mapping[str, Demo],
        at_once: int,
        told: Callable[[Need], None] = lambda _need: None,
    ) -> None:
        self._runs = runs
        self._demos = demos
        self._places = asyncio.Semaphore(at_once)
        self._told = told
        self._played: dict[Need, list[asyncio.Task[Played]]] = {}

    def order(self, wanted: Iterable[Need], times: int) -> int:
        """Start on all of it, the longest first; how many runs that will be at least."""
        distinct = dict.fromkeys(wanted)
        for need in sorted(distinct, key=self._seconds, reverse=True):
            self._tasks(need, times)
        return times * len(distinct)

    async def prove(
        self, question: Question, times: int, environments: Iterable[str] = ()
    ) -> Proof:
        """`environments` are others in which it is of interest whether the key holds."""
        wanted = needs(question)
        if not wanted:
            return judge(question, {})
        try:
            runs = {need: await self._facts(need, times) for need in wanted}
            for one in every(question):
                own = needs(one)[0]
                while wants_more(one, runs[own]):
                    runs[own] = await self._facts(own, min(len(runs[own]) + times, MOST_TIMES))
            elsewhere = {name: await self._holds(question, name, times) for name in environments}
        except CannotRunError as error:
            return self._dated(
                question, Proof(id=question.id, status="unproven", reason=str(error))
            )
        proof = judge(question, runs).model_copy(update={"elsewhere": elsewhere})
        return self._dated(question, proof, await self._ran(wanted[0]))

    async def _holds(self, question: Question, environment: str, times: int) -> bool:
        tested: list[Tested] = []
        for one in every(question):
            assert one.demo
            there = await self._facts(Need.of(one.demo, environment), times)
            tested += weigh(one, there)
        return all(one.is_well for one in tested)

    def _dated(self, question: Question, proof: Proof, ran: Ran | None = None) -> Proof:
        about = {"hash": hash_of(question, self._demos), "on": datetime.now(UTC).date(), "ran": ran}
        return proof.model_copy(update=about)

    async def _ran(self, need: Need) -> Ran:
        run = (await self._played[need][0]).run
        assert run
        system = f"{platform.system()} {platform.machine()}"
        return Ran(environment=need.environment, versions=dict(run.versions), os=system)

    async def _facts(self, need: Need, times: int) -> list[Facts]:
        played = await asyncio.gather(*self._tasks(need, times))
        for one in played:
            if one.run is None:
                raise CannotRunError(one.reason)
        return [one.run.timeline.facts for one in played if one.run]

    def _tasks(self, need: Need, times: int) -> list[asyncio.Task[Played]]:
        tasks = self._played.setdefault(need, [])
        tasks += [asyncio.create_task(self._play(need)) for _ in range(times - len(tasks))]
        return tasks[:times]

    async def _play(self, need: Need) -> Played:
        async with self._places:
            try:
                return await self._undisturbed(need)
            except QuizError as error:
                return Played(None, str(error))
            finally:
                self._told(need)

    async def _undisturbed(self, need: Need) -> Played:
        for _ in range(TRIES):
            started = await self._runs.start(
                need.demo, need.variant, need.environment, dict(need.parameters)
            )
            run = await self._runs.wait(started.id, PATIENCE_SECONDS)
            if run.status != "finished":
                return Played(
                    None, f"{need.demo}, {need.variant}: {run.status}. {run.reason or ''}"
                )
            if run.decides:
                return Played(run)
            if run.truncated:
                break
        return Played(None, f"{need.demo}, {need.variant}: {run.doubt}")

    def _seconds(self, need: Need) -> float:
        return self._demos[need.demo].variant(need.variant).takes


class CannotRunError(QuizError):
    """A run that is needed cannot be had; the message says why."""
