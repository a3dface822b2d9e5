"""Who has a place to run, who waits for one, and for how long. Pure: instants are handed in.

Of a run it knows the id, the memory it needs and the seconds it takes; that it has its turn is for
the caller to hear from `turn`.
"""

import bisect
import itertools
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from quiz.runs.estimate import waits

# A start is work for the processor, what follows is mostly waiting. More starts at once than
# processors would end no sooner, and bend the timing of the runs under way: measured with 60 runs
# in a second on two, a 200 ms sleep was off by 7 ms (p95) without this bound, by 3 ms with it.
STARTS_AT_ONCE = os.cpu_count() or 1
STARTS_MEASURED = 20  # the queue moves as fast as the last of these did
FIRST_GUESS_SECONDS = 0.1
# Ranks, the first comes first. Without a cookie, an address has one run like everyone else; what it
# asks for beyond that takes only room that no other run needs.
LEARNER, FIRST, FURTHER = range(3)
QUEUE_PARTS = (1, 2, 4)  # by rank: all, a half, a quarter of the queue
FURTHER_SHARE = 0.75  # of the memory


@dataclass(order=True)
class _Entry:
    rank: int
    number: int  # in the order of asking
    id: str = field(compare=False)
    memory_mb: int = field(compare=False)
    seconds: float = field(compare=False)
    began: float | None = field(default=None, compare=False)

    def left(self, now: float) -> float:
        return self.seconds if self.began is None else max(0.0, self.began + self.seconds - now)


class Queue:
    """By rank, and within a rank in the order of asking.

    `memory_mb` is what all that run may need together.
    """

    def __init__(
        self, *, memory_mb: int, length: int, starts_at_once: int = STARTS_AT_ONCE
    ) -> None:
        self._memory_mb = memory_mb
        self._length = length
        self._starts_at_once = starts_at_once
        self._numbers = itertools.count()
        self._waiting: list[_Entry] = []
        self._placed: dict[str, _Entry] = {}
        self._starting: dict[str, float] = {}  # since when
        self._starts = deque([FIRST_GUESS_SECONDS], STARTS_MEASURED)

    # Who comes and goes.

    def is_full(self, rank: int = LEARNER) -> bool:
        """Runs of this rank and below may fill their part of the queue."""
        if len(self._waiting) >= self._length:
            return True
        waiting = sum(entry.rank >= rank for entry in self._waiting)
        return waiting >= self._length // QUEUE_PARTS[rank]

    def add(self, id: str, memory_mb: int, seconds: float, rank: int = LEARNER) -> None:
        bisect.insort(self._waiting, _Entry(rank, next(self._numbers), id, memory_mb, seconds))

    def turn(self) -> str | None:
        """The next one that may start, if any: from now on it has a place."""
        may_start = self._waiting and len(self._starting) < self._starts_at_once
        if not may_start or not self._fits(self._waiting[0].memory_mb, self._waiting[0].rank):
            return None
        entry = self._waiting.pop(0)
        self._placed[entry.id] = entry
        return entry.id

    def start(self, id: str, now: float) -> None:
        """It starts: until it has, it takes one of the few places for that."""
        self._placed[id].began = self._starting[id] = now

    def started(self, id: str, now: float) -> bool:
        """It has, or takes too long to be waited for. False where that is known already."""
        since = self._starting.pop(id, None)
        if since is not None:
            self._starts.append(now - since)
        return since is not None

    def line_up_again(self, id: str) -> None:
        """It cannot use its place yet; it comes before all that were asked for later."""
        bisect.insort(self._waiting, self._placed.pop(id))

    def leave(self, id: str) -> None:
        """Its run is over, wherever it was."""
        self._waiting = [entry for entry in self._waiting if entry.id != id]
        self._placed.pop(id, None)
        self._starting.pop(id, None)

    def empty(self) -> None:
        """Nobody waits any more; who has a place keeps it."""
        self._waiting.clear()

    # What is asked.

    @property
    def placed(self) -> list[str]:
        """Those that have a place."""
        return list(self._placed)

    def would_wait(self, memory_mb: int) -> bool:
        return bool(self._waiting) or not self._fits(memory_mb)

    def places(self, now: float) -> Iterator[tuple[str, int, float]]:
        """Each that waits, its place from 1 on, and the seconds until its turn."""
        told = enumerate(zip(self._waiting, self._waits(now), strict=True), 1)
        return ((entry.id, place, seconds) for place, (entry, seconds) in told)

    def wait_of(self, memory_mb: int, seconds: float, now: float) -> float:
        """How many seconds one would wait who is asked for now."""
        *_, last = self._waits(now, (memory_mb, seconds))
        return last

    def _fits(self, memory_mb: int, rank: int = LEARNER) -> bool:
        used = sum(entry.memory_mb for entry in self._placed.values())
        share = FURTHER_SHARE if rank == FURTHER else 1
        return not self._placed or used + memory_mb <= self._memory_mb * share

    def _waits(self, now: float, *more: tuple[int, float]) -> Iterator[float]:
        return waits(
            [(entry.memory_mb, entry.left(now)) for entry in self._placed.values()],
            len(self._starting),
            [*((entry.memory_mb, entry.seconds) for entry in self._waiting), *more],
            memory_mb=self._memory_mb,
            at_once=self._starts_at_once,
            start_seconds=sum(self._starts) / len(self._starts),
        )
