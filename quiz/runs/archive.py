"""Persistence of runs: a row from the request on, a record from the end on. Knows no live runs."""

import logging
from datetime import UTC, datetime

from quiz.errors import QuizError
from quiz.runs import serialization
from quiz.runs.errors import Evicted, UnknownRun
from quiz.runs.run import Run
from quiz.runs.run_store import RunStore

logger = logging.getLogger("quiz.runs")


class RunArchive:
    """`most` is how many records are kept, besides those that an attempt or a dispute shows."""

    def __init__(self, store: RunStore, most: int) -> None:
        self._store = store
        self._most = most

    async def add(self, run: Run) -> None:
        """Write the row of a new run. Raises StorageError."""
        await self._store.add(serialization.row(run))

    async def save(self, run: Run) -> None:
        """Write the record of a run that ended.

        An error is logged and not raised, because no caller waits for the record.
        """
        try:
            await self._store.update(
                run.id, status=run.status, ended=run.ended, record=serialization.dump(run)
            )
            await self._store.evict(self._most)
        except QuizError as error:
            logger.error("The record of run %s was not stored: %s", run.id, error)

    async def load(self, id: str) -> Run:
        """A finished run. Raises UnknownRun, Evicted or StorageError."""
        row = await self._store.get(id)
        if row is None:
            raise UnknownRun(f"There is no run {id!r}.")
        if not row["record"]:
            raise Evicted(row)
        run = serialization.load(row["record"])
        run.learner, run.slot = row["learner"], row["slot"]
        return run

    async def fail_unfinished(self) -> None:
        """Mark the runs failed that an earlier server left without an end."""
        for row in await self._store.unfinished():
            await self._store.update(
                row["id"], status="failed", ended=datetime.now(UTC), record=serialization.lost(row)
            )
