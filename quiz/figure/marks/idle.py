"""Idle time of a run, if it is so long that the rest would be too small to see."""

from collections.abc import Iterable, Iterator

from quiz.figure.marks.bars import end_of
from quiz.timeline import Process, Span

# The time that stays on either side of a fold, as a share of the drawn time.
MARGIN = 0.04


def fold(
    spans: Iterable[Span], processes: Iterable[Process], end_ms: float
) -> tuple[float, float] | None:
    """The longest idle time, if it is longer than all other time together."""
    gaps = _gaps(sorted([*_busy(spans, end_ms), *_instants(processes), (end_ms, end_ms)]))
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))
    rest = end_ms - (end - start)
    if end - start <= rest:
        return None
    return start + MARGIN * rest, end - MARGIN * rest


def _busy(spans: Iterable[Span], end_ms: float) -> Iterator[tuple[float, float]]:
    for span in spans:
        if span.start_ms < 0 and span.end_ms is None:
            continue  # such as a lifespan: it waits for the end of the run
        if not span.is_call:
            yield span.start_ms, end_of(span, end_ms)
        for part in span.parts:
            # The wait for a thread or for a retry is the lesson and stays; a redelivery takes long.
            if part.state != "queued" or not span.is_redelivered:
                yield part.start_ms, end_ms if part.end_ms is None else part.end_ms


def _instants(processes: Iterable[Process]) -> Iterator[tuple[float, float]]:
    for process in processes:
        yield process.start_ms, process.start_ms
        if process.end_ms is not None:
            yield process.end_ms, process.end_ms


def _gaps(busy: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    until = 0.0
    for start, end in busy:
        if start > until:
            yield until, start
        until = max(until, end)
