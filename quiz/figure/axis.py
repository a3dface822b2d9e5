"""The end and the breaks of an axis, for one timeline or for several that share it."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.figure.marks import bars, idle, labels
from quiz.figure.scale import AFTER, Scale, fit
from quiz.timeline import Span, Timeline

MOST_SPANS = 120


@dataclass(frozen=True, slots=True)
class Live:
    """A live run: the time since its start and its expected length, both in milliseconds."""

    now_ms: float
    expected_ms: float

    @property
    def axis_ms(self) -> float:
        axis = max(self.expected_ms, 100.0)
        while axis < self.now_ms:
            axis *= 2
        return axis


def seen_of(timeline: Timeline, going: bool = False) -> list[Span]:
    """The spans that are drawn. A span that ended before zero is left out."""
    spans = timeline.spans[:MOST_SPANS]
    return [span for span in spans if going or span.end_ms is None or span.end_ms >= 0]


def axis(timeline: Timeline, until_ms: float = 0.0) -> Scale:
    """The axis of one timeline; it reaches `until_ms` at least, the end of a prediction."""
    spans, end_ms = seen_of(timeline), max(_end(timeline), until_ms)
    # A curve has a value at every instant, so no time is folded. A prediction may have one, too.
    fold = None if timeline.curves or until_ms else idle.fold(spans, timeline.processes, end_ms)
    return fit(end_ms, _sent(timeline), _is_before(spans), _names(timeline), fold)


def shared(timelines: Sequence[Timeline]) -> Scale:
    """One axis for all timelines, without breaks: equal widths are equal times."""
    before = any(_is_before(seen_of(timeline)) for timeline in timelines)
    return fit(max(map(_end, timelines)), None, before, 0.0)


def live_axis(timeline: Timeline, live: Live, until_ms: float = 0.0) -> Scale:
    before = _is_before(seen_of(timeline, going=True))
    return fit(max(live.axis_ms / AFTER, until_ms), _sent(timeline), before, _names(timeline))


def _end(timeline: Timeline) -> float:
    # A span from before zero, such as a lifespan, does not make the axis longer.
    of_the_run = [span for span in seen_of(timeline) if span.start_ms >= 0]
    ends = [bars.end_of(span, timeline.end_ms) for span in of_the_run] or [timeline.end_ms]
    ends += [process.end_ms or process.start_ms for process in timeline.processes]
    if timeline.stopped_ms is not None:
        ends.append(timeline.stopped_ms)
    ends += [at for curve in timeline.curves for at, _ in curve.points[-1:]]
    return max(*ends, _sent(timeline) or 0.0, 0.0)


def _is_before(spans: Sequence[Span]) -> bool:
    return any(bars.start_of(span) < 0 for span in spans)


def _sent(timeline: Timeline) -> float | None:
    """The time at which the first response was sent."""
    return timeline.responses[0].sent_ms if timeline.responses else None


def _names(timeline: Timeline) -> float:
    """The length in characters of the longest name that should end at the rule."""
    sent = _sent(timeline)
    spans = seen_of(timeline, going=True)
    early = [span.name for span in spans if sent is not None and 0 <= span.start_ms < sent]
    return max(map(labels.size, early), default=0.0)
