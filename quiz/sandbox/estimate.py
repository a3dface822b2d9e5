"""How long a run will wait in the queue. Pure: an estimate from what the variants say they take."""

import heapq
from collections.abc import Iterable, Sequence

Load = tuple[int, float]  # megabytes, seconds still to go


def waiting_seconds(running: Iterable[Load], ahead: Sequence[Load], memory_mb: int) -> float:
    """When the next place is free after those ahead were let in, in order, as memory allows."""
    ends = [(seconds, megabytes) for megabytes, seconds in running]
    heapq.heapify(ends)
    used = sum(megabytes for _, megabytes in ends)
    now = 0.0
    for megabytes, seconds in [*ahead, (1, 0.0)]:
        while ends and used + megabytes > memory_mb:
            now, freed = heapq.heappop(ends)
            used -= freed
        heapq.heappush(ends, (now + seconds, megabytes))
        used += megabytes
    return now
