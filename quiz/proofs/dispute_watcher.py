"""Watches the run of an answer. If it contradicts the key, the run is repeated.

Two contradicting runs dispute the answer. The watcher knows runs and storage, but no pages.
"""

import logging

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt
from quiz.proofs.judge import disagrees
from quiz.questions.base import Question
from quiz.runs.run import Run
from quiz.runs.service import Runs
from quiz.runs.tasks import TaskSet
from quiz.storage.disputes import Dispute
from quiz.storage.storage import Storage

logger = logging.getLogger("quiz.proofs.dispute_watcher")
# How often a run is repeated if the machine was too busy.
TRIES = 4
PATIENCE_SECONDS = 120.0


class Disputes:
    def __init__(self, runs: Runs, storage: Storage) -> None:
        self._runs = runs
        self._storage = storage
        self._tasks = TaskSet()

    def watch(self, attempt: Attempt, question: Question, run: Run) -> None:
        """`run` has exactly the demo, variant and parameters of the question."""
        self._tasks.spawn(self._watch(attempt, question, run))

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _watch(self, attempt: Attempt, question: Question, run: Run) -> None:
        try:
            first = await self._runs.wait(run.id, PATIENCE_SECONDS)
            if _may_contradict(first, question):
                # The machine was too busy to rely on this run. Two others decide.
                first = await self._repeated(first) or first
            if not contradicts(first, question):
                return
            second = await self._repeated(first)
            if second and contradicts(second, question):
                logger.warning("Two runs contradict the key of %s.", question.id)
                await self._storage.disputes.add(Dispute(attempt.id, first.id, second.id))
        except QuizError as error:
            # Without a second run, the answer is not disputed.
            logger.info("The run of %s was not repeated: %s", question.id, error)

    async def _repeated(self, run: Run) -> Run | None:
        for _ in range(TRIES):
            started = await self._runs.start(
                run.demo, run.variant, run.environment, dict(run.parameters)
            )
            again = await self._runs.wait(started.id, PATIENCE_SECONDS)
            if again.decides:
                return again
        return None


def contradicts(run: Run, question: Question) -> bool:
    """Whether a reliable run contradicts the question's key."""
    return run.decides and disagrees(question, run.timeline.facts)


def _may_contradict(run: Run, question: Question) -> bool:
    is_whole = run.status == "finished" and not run.broken and not run.truncated
    return is_whole and run.disturbed and disagrees(question, run.timeline.facts)
