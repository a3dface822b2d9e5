"""Lines from the call that handed a job over to the job, and from one attempt to the next.

A line goes straight down or up, lane by lane, at the instant from which the job waited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from quiz.figure.marks.bars import Look, end_of
from quiz.figure.model import Bar, Lane, Segment
from quiz.timeline import Event

MOST = 40
# The last digits of the clock: a call may end at the instant of the event inside it.
NEAR_MS = 0.01
TURN = 0.4  # per cent; a bar that starts this much later is not below the line


def linked(lanes: Sequence[Lane], look: Look) -> tuple[Lane, ...]:
    segments: list[list[Segment]] = [[] for _ in lanes]
    for source, target, x in islice(_links(lanes, look), MOST):
        for number, segment in _segments(source, target, x):
            segments[number].append(segment)
    return tuple(
        replace(lane, segments=tuple(segments[number])) for number, lane in enumerate(lanes)
    )


def _links(
    lanes: Sequence[Lane], look: Look
) -> Iterator[tuple[tuple[int, float], tuple[int, Bar], float]]:
    for number, lane in enumerate(lanes):
        for bar in lane.bars:
            origin = bar.span.origin
            # A call that only waits for a thread stays in its process.
            if origin is None or origin.process == bar.span.process:
                continue
            source = _source(origin, lanes, look)
            # Within a lane the wait is drawn as part of the bar.
            if source and source[0] != number:
                yield source, (number, bar), look.scale.place(origin.at_ms)


def _source(origin: Event, lanes: Sequence[Lane], look: Look) -> tuple[int, float] | None:
    """The lane and the height of the source: the innermost open call, else the program."""
    calls = [
        (bar.span.start_ms, number, bar.y + bar.height / 2)
        for number, lane in enumerate(lanes)
        for bar in lane.bars
        if bar.span.is_call
        and bar.span.process == origin.process
        and bar.span.start_ms <= origin.at_ms <= end_of(bar.span, look.now_ms) + NEAR_MS
    ]
    if calls:
        _, number, y = max(calls)
        return number, y
    lives = ((n, lane.life) for n, lane in enumerate(lanes))
    return next(((n, life.y) for n, life in lives if life and life.process == origin.process), None)


def _segments(
    source: tuple[int, float], target: tuple[int, Bar], x: float
) -> Iterator[tuple[int, Segment]]:
    (start, y), (end, bar) = source, target
    down = start < end
    yield start, Segment(x, top=y if down else None, foot=None if down else y)
    yield end, _arrival(bar, x, down)
    for number in range(min(start, end) + 1, max(start, end)):
        yield number, Segment(x)


def _arrival(bar: Bar, x: float, down: bool) -> Segment:
    if bar.first - x > TURN:
        middle = round(bar.y + bar.height / 2, 2)
        top, foot = (None, middle) if down else (middle, None)
        return Segment(x, top, foot, to=bar.first, tip="right")
    if down:
        return Segment(x, foot=round(bar.y, 2), tip="down")
    return Segment(x, top=round(bar.y + bar.height, 2), tip="up")
