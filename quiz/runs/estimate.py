"""How long runs will wait in the queue. Pure: an estimate from what the variants say they take."""

import heapq
from collections.abc import Iterable, Iterator, Sequence

Load = tuple[int, float]  # megabytes, seconds still to go


def waits(
    running: Iterable[Load],
    starting: int,
    queue: Sequence[Load],
    *,
    memory_mb: int,
    at_once: int,
    start_seconds: float,
) -> Iterator[float]:
    """In how many seconds each of the queue has its turn, in order.

    A turn needs memory, and one of the places for starts, of which each is held `start_seconds`.
    """
    ends = [(seconds, megabytes) for megabytes, seconds in running]
    heapq.heapify(ends)
    used = sum(megabytes for _, megabytes in ends)
    started = [start_seconds] * starting
    now = 0.0
    for megabytes, seconds in queue:
        if len(started) >= at_once:
            now = max(now, heapq.heappop(started))
        while ends and used + megabytes > memory_mb:
            at, freed = heapq.heappop(ends)
            now, used = max(now, at), used - freed
        yield now
        heapq.heappush(started, now + start_seconds)
        heapq.heappush(ends, (now + seconds, megabytes))
        used += megabytes
