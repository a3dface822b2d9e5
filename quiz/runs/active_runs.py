"""The active run per learner and slot, and the active runs per address. Pure, in memory.

A learner has one active run per slot. An address without a cookie may have more, but only the first
of them ranks with the learners' runs (see scheduler.py).
"""

from collections import Counter

from quiz.runs.run import Run
from quiz.runs.scheduler import FIRST, FURTHER, LEARNER


class ActiveRuns:
    """Runs that are queued or running."""

    def __init__(self) -> None:
        self._by_slot: dict[tuple[str | None, str], Run] = {}
        self._per_address = Counter[str]()

    def of(self, learner: str | None, slot: str) -> Run | None:
        return self._by_slot.get((learner, slot))

    def rank(self, address: str) -> int:
        """The rank of a new run from this address; "" stands for a caller with a cookie."""
        if not address:
            return LEARNER
        return FURTHER if self._per_address[address] else FIRST

    def add(self, run: Run) -> None:
        if run.learner or run.slot:
            self._by_slot[run.learner, run.slot] = run
        if run.address:
            self._per_address[run.address] += 1

    def remove(self, run: Run) -> None:
        if self.of(run.learner, run.slot) is run:
            del self._by_slot[run.learner, run.slot]
        if run.address:
            # Subtraction of counters also drops the addresses that reach zero.
            self._per_address -= Counter([run.address])
