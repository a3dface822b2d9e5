"""Scheduler: which run starts next, and how long the others wait. Pure: callers pass the time.

It knows a run by its id, its memory and its expected duration. It starts nothing itself.
"""

import bisect
import heapq
import itertools
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

# A start uses a processor; the rest of a run is mostly waiting. More starts at once than there are
# processors finish no sooner and bend the timing of other runs. Measured with 60 runs in a second
# on two processors: a 200 ms sleep was off by 7 ms (p95) without this bound, by 3 ms with it.
STARTS_AT_ONCE = os.cpu_count() or 1
STARTS_MEASURED = 20  # their mean duration predicts how fast the queue moves
FIRST_GUESS_SECONDS = 0.1
# Ranks, the first is served first. A caller without a cookie is known by address only. The second
# active run of an address has the rank FURTHER: it only takes room that no other run needs.
LEARNER, FIRST, FURTHER = range(3)
QUEUE_PARTS = (1, 2, 4)  # by rank: the whole queue, a half, a quarter
FURTHER_SHARE = 0.75  # of the memory

Load = tuple[int, float]  # megabytes, seconds until the run ends


@dataclass(order=True)
class _Entry:
    rank: int
    number: int  # in the order of requests
    id: str = field(compare=False)
    memory_mb: int = field(compare=False)
    seconds: float = field(compare=False)
    began: float | None = field(default=None, compare=False)

    def seconds_left(self, now: float) -> float:
        return self.seconds if self.began is None else max(0.0, self.began + self.seconds - now)


class Scheduler:
    """Serves runs by rank, and runs of one rank in the order of requests.

    All admitted runs together use at most `memory_mb`; a run that needs more is admitted alone.
    Times are seconds of any monotonic clock.
    """

    def __init__(
        self, *, memory_mb: int, length: int, starts_at_once: int = STARTS_AT_ONCE
    ) -> None:
        self._memory_mb = memory_mb
        self._length = length
        self._starts_at_once = starts_at_once
        self._numbers = itertools.count()
        self._waiting: list[_Entry] = []
        self._admitted: dict[str, _Entry] = {}
        self._starting: dict[str, float] = {}  # id -> when its start began
        self._starts = deque([FIRST_GUESS_SECONDS], STARTS_MEASURED)

    def is_full(self, rank: int = LEARNER) -> bool:
        """Whether the runs of this rank and below fill their part of the queue."""
        if len(self._waiting) >= self._length:
            return True
        waiting = sum(entry.rank >= rank for entry in self._waiting)
        return waiting >= self._length // QUEUE_PARTS[rank]

    def add(self, id: str, memory_mb: int, seconds: float, rank: int = LEARNER) -> None:
        bisect.insort(self._waiting, _Entry(rank, next(self._numbers), id, memory_mb, seconds))

    def admit(self) -> str | None:
        """Take the next run out of the queue, if there is room for it. Returns its id."""
        may_start = self._waiting and len(self._starting) < self._starts_at_once
        if not may_start or not self._fits(self._waiting[0].memory_mb, self._waiting[0].rank):
            return None
        entry = self._waiting.pop(0)
        self._admitted[entry.id] = entry
        return entry.id

    def begin_start(self, id: str, now: float) -> None:
        """An admitted run starts. Until `finish_start` it counts against `starts_at_once`."""
        self._admitted[id].began = self._starting[id] = now

    def finish_start(self, id: str, now: float) -> bool:
        """The run has started, or takes too long to wait for. False if that was known already."""
        since = self._starting.pop(id, None)
        if since is not None:
            self._starts.append(now - since)
        return since is not None

    def requeue(self, id: str) -> None:
        """An admitted run cannot start yet. It waits ahead of runs that were requested later."""
        bisect.insort(self._waiting, self._admitted.pop(id))

    def remove(self, id: str) -> None:
        """The run is over, whether it waited or was admitted."""
        self._waiting = [entry for entry in self._waiting if entry.id != id]
        self._admitted.pop(id, None)
        self._starting.pop(id, None)

    def clear_waiting(self) -> None:
        """Empty the queue. Admitted runs stay."""
        self._waiting.clear()

    @property
    def admitted(self) -> list[str]:
        """The ids of the runs that are starting or running."""
        return list(self._admitted)

    def would_wait(self, memory_mb: int) -> bool:
        return bool(self._waiting) or not self._fits(memory_mb)

    def positions(self, now: float) -> Iterator[tuple[str, int, float]]:
        """For each waiting run: its id, its position from 1, and the seconds until its turn."""
        pairs = enumerate(zip(self._waiting, self._waits(now), strict=True), 1)
        return ((entry.id, position, seconds) for position, (entry, seconds) in pairs)

    def wait_of(self, memory_mb: int, seconds: float, now: float) -> float:
        """How many seconds a run requested now would wait for its turn."""
        *_, last = self._waits(now, (memory_mb, seconds))
        return last

    def _fits(self, memory_mb: int, rank: int = LEARNER) -> bool:
        used = sum(entry.memory_mb for entry in self._admitted.values())
        share = FURTHER_SHARE if rank == FURTHER else 1
        return not self._admitted or used + memory_mb <= self._memory_mb * share

    def _waits(self, now: float, *more: Load) -> Iterator[float]:
        return estimate_waits(
            [(entry.memory_mb, entry.seconds_left(now)) for entry in self._admitted.values()],
            len(self._starting),
            [*((entry.memory_mb, entry.seconds) for entry in self._waiting), *more],
            memory_mb=self._memory_mb,
            at_once=self._starts_at_once,
            start_seconds=sum(self._starts) / len(self._starts),
        )


def estimate_waits(
    running: Iterable[Load],
    starting: int,
    queue: Sequence[Load],
    *,
    memory_mb: int,
    at_once: int,
    start_seconds: float,
) -> Iterator[float]:
    """In how many seconds each run of the queue has its turn, in order.

    A turn needs memory and one of `at_once` starts. A start takes `start_seconds`.
    """
    ends = [(seconds, megabytes) for megabytes, seconds in running]
    heapq.heapify(ends)
    used = sum(megabytes for _, megabytes in ends)
    starts = [start_seconds] * starting
    now = 0.0
    for megabytes, seconds in queue:
        if len(starts) >= at_once:
            now = max(now, heapq.heappop(starts))
        while ends and used + megabytes > memory_mb:
            at, freed = heapq.heappop(ends)
            now, used = max(now, at), used - freed
        yield now
        heapq.heappush(starts, now + start_seconds)
        heapq.heappush(ends, (now + seconds, megabytes))
        used += megabytes
