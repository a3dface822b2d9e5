"""Watches the run of an answer: one that contradicts the key is repeated, and two of them win.

Knows runs and storage; no page.
"""

import asyncio
import logging

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt
from quiz.proofs.record import disagrees
from quiz.questions.base import Question
from quiz.runs.run import Run
from quiz.runs.service import Runs
from quiz.storage.disputes import Dispute
from quiz.storage.storage import Storage

logger = logging.getLogger("quiz.proofs.dispute_watcher")
# A repetition on a machine too busy is made so often.
TRIES = 4
PATIENCE_SECONDS = 120.0


class Disputes:
    def __init__(self, runs: Runs, storage: Storage) -> None:
        self._runs = runs
        self._storage = storage
        self._tasks: set[asyncio.Task[None]] = set()

    def watch(self, attempt: Attempt, question: Question, run: Run) -> None:
        """`run` is one of just what the question asks for."""
        task = asyncio.create_task(self._watch(attempt, question, run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, attempt: Attempt, question: Question, run: Run) -> None:
        try:
            first = await self._runs.wait(run.id, PATIENCE_SECONDS)
            if _may_contradict(first, question):
                # The machine was too busy to believe it: so two others are asked.
                first = await self._repeated(first) or first
            if not contradicts(first, question):
                return
            second = await self._repeated(first)
            if second and contradicts(second, question):
                logger.warning("Two runs contradict the key of %s.", question.id)
                await self._storage.dispute(Dispute(attempt.id, first.id, second.id))
        except QuizError as error:
            # The answer stands as it is: without a second run nothing is disputed.
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
    """Whether it can be believed and came out otherwise than the question's key says."""
    return run.decides and disagrees(question, run.timeline.facts)


def _may_contradict(run: Run, question: Question) -> bool:
    is_whole = run.status == "finished" and not run.broken and not run.truncated
    return is_whole and run.disturbed and disagrees(question, run.timeline.facts)
