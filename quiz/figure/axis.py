"""How far an axis reaches and where it is broken: of one timeline, or of several that share it."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.figure.marks import bars, idle, labels
from quiz.figure.scale import AFTER, Scale, fit
from quiz.timeline import Span, Timeline

MOST_SPANS = 120


@dataclass(frozen=True, slots=True)
class Live:
    """A run that goes on: for how long it does by now, and for how long it is expected to."""

    now_ms: float
    expected_ms: float

    @property
    def axis_ms(self) -> float:
        axis = max(self.expected_ms, 100.0)
        while axis < self.now_ms:
            axis *= 2
        return axis


def seen_of(timeline: Timeline, going: bool = False) -> list[Span]:
    """The spans that are drawn: what was over before zero is not."""
    spans = timeline.spans[:MOST_SPANS]
    return [span for span in spans if going or span.end_ms is None or span.end_ms >= 0]


def axis(timeline: Timeline, until_ms: float = 0.0) -> Scale:
    """`until_ms`: as far as something was predicted."""
    spans, end_ms = seen_of(timeline), max(_end(timeline), until_ms)
    # A curve has something to show at every instant, and so may a prediction.
    fold = None if timeline.curves or until_ms else idle.fold(spans, timeline.processes, end_ms)
    return fit(end_ms, _sent(timeline), _is_before(spans), _names(timeline), fold)


def shared(timelines: Sequence[Timeline]) -> Scale:
    """One for all of these, without a break: what is as wide took as long."""
    before = any(_is_before(seen_of(timeline)) for timeline in timelines)
    return fit(max(map(_end, timelines)), None, before, 0.0)


def live_axis(timeline: Timeline, live: Live, until_ms: float = 0.0) -> Scale:
    before = _is_before(seen_of(timeline, going=True))
    return fit(max(live.axis_ms / AFTER, until_ms), _sent(timeline), before, _names(timeline))


def _end(timeline: Timeline) -> float:
    # What was there before zero, a lifespan say, does not make the axis longer.
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
    """When the first response was sent."""
    return timeline.responses[0].sent_ms if timeline.responses else None


def _names(timeline: Timeline) -> float:
    """The characters of the longest name that should end at the rule."""
    sent = _sent(timeline)
    spans = seen_of(timeline, going=True)
    early = [span.name for span in spans if sent is not None and 0 <= span.start_ms < sent]
    return max(map(labels.size, early), default=0.0)
