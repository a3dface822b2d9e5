"""When calls blocked an event loop, and which calls ran at the same time.

The sentence, the facts and the figure use these functions, so they cannot contradict each other.
"""

from collections.abc import Iterable

from quiz.timeline.model import LOOP, Block, Span

# Shorter blocks are not shown, because any handler holds the loop for some milliseconds.
BLOCKED_FROM_MS = 50.0


def blocks_of(calls: Iterable[Span], until_ms: float | None = None) -> tuple[Block, ...]:
    """Blocks after zero, sorted by start. Before zero no client waits.

    `until_ms` is the end of the run, and of a call that still blocked the loop then.
    """
    held: dict[int, list[tuple[float, float]]] = {}
    for span in calls:
        for part in span.parts:
            end = until_ms if part.end_ms is None else part.end_ms
            if part.state == "running" and part.lane == LOOP and end is not None:
                held.setdefault(span.process, []).append((part.start_ms, end))
    blocks = [
        Block(max(start, 0.0), end, process)
        for process, parts in held.items()
        for start, end in _merged(sorted(parts))
        if end > 0
    ]
    return tuple(sorted(blocks, key=lambda block: (block.start_ms, block.process)))


def _merged(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in parts:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def last_ms(span: Span) -> float:
    """The end of a call or of its process; infinite during the call."""
    last = span.end_ms if span.end_ms is not None or not span.parts else span.parts[-1].end_ms
    return float("inf") if last is None else last


def overlap_ms(one: Span, other: Span) -> float:
    """How long both calls ran at the same time; negative for the time between them."""
    return min(last_ms(one), last_ms(other)) - max(one.start_ms, other.start_ms)


def most_at_once(spans: Iterable[Span], error_ms: float) -> int:
    """How many calls ran at the same time for longer than the timing error."""
    changes: list[tuple[float, int]] = []
    for span in spans:
        # Earlier ends remove overlaps that are shorter than the error.
        end = last_ms(span) - error_ms
        changes += [(span.start_ms, 1), (max(end, span.start_ms), -1)]
    number = most = 0
    for _, change in sorted(changes):
        number += change
        most = max(most, number)
    return most
