"""Proofs that learners request: each is made in the background and kept on this machine.

It knows how to prove and where to keep a proof, but no pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quiz.demos.model import Demo
from quiz.errors import QuizError
from quiz.proofs.files import ProofFiles
from quiz.proofs.judge import RequiredRun, required_runs
from quiz.proofs.prover import Prover
from quiz.proofs.record import Proof
from quiz.questions.base import Question
from quiz.runs.service import Runs
from quiz.runs.tasks import TaskSet

# Fewer repetitions than in `quiz prove`, because a learner waits. As many runs at once as fit into
# memory beside another learner's run; a run whose times that bends is repeated.
TIMES, AT_ONCE = 3, 16
LEAST_AT_ONCE = 2
MOST_QUESTIONS = 2


class BusyError(QuizError):
    """Enough questions are being proven already."""


@dataclass
class Progress:
    """A proof that is being made: `done` runs have ended, of `of` runs or more."""

    done: int
    of: int


class Proofs:
    """`demos` returns the demos of the newest catalog."""

    def __init__(self, folder: Path, runs: Runs, demos: Callable[[], Mapping[str, Demo]]) -> None:
        self._files = ProofFiles(folder)
        self._runs = runs
        self._demos = demos
        self._progress: dict[tuple[str, str], Progress] = {}
        self._tasks = TaskSet()

    async def made(self, pack: str, question: str) -> Proof | None:
        """The newest proof of this machine."""
        return await self._files.get(pack, question)

    def going(self, pack: str, question: str) -> Progress | None:
        return self._progress.get((pack, question))

    def start(self, pack: str, question: Question) -> None:
        """Prove the question, unless it is being proven. Raises BusyError."""
        if (pack, question.id) in self._progress:
            return
        if len(self._progress) >= MOST_QUESTIONS:
            raise BusyError("Other questions are being proven. Try it again in a minute.")
        progress = Progress(0, TIMES * len(set(required_runs(question))))
        self._progress[pack, question.id] = progress
        self._tasks.spawn(self._prove(pack, question, progress))

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _prove(self, pack: str, question: Question, progress: Progress) -> None:
        def on_run(_required: RequiredRun) -> None:
            progress.done += 1
            progress.of = max(progress.of, progress.done)

        try:
            prover = Prover(self._runs, self._demos(), self._at_once(question), on_run)
            prover.start(required_runs(question), TIMES)
            await self._files.put(pack, await prover.prove(question, TIMES))
        finally:
            del self._progress[pack, question.id]

    def _at_once(self, question: Question) -> int:
        room = self._runs.room_for(question.demo.name) if question.demo else AT_ONCE
        return min(max(room - 1, LEAST_AT_ONCE), AT_ONCE)
