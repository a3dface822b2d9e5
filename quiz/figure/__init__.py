"""A timeline as a figure: bars and labels in their places, the sentence, the table, the replay.

Pure. It knows nothing of pages: templates/_timeline.html and text.py put it in front of somebody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quiz.figure import bars, curves, idle, labels, listing, sentence, words
from quiz.figure.bars import Look
from quiz.figure.labels import Spot
from quiz.figure.layout import lanes
from quiz.figure.links import linked
from quiz.figure.model import COLUMNS, Figure, Label, Lane, Sentence
from quiz.figure.scale import AFTER, Scale, fit
from quiz.timeline import CLIENT, Response, Span, Timeline

__all__ = ["Figure", "Live", "Sentence", "draw", "tell"]

MOST_SPANS = 120
MOST_STEPS = 300
tell = sentence.tell


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


def draw(timeline: Timeline, *, live: Live | None = None, selected: str = "") -> Figure:
    """`selected` is a span's number in order of time, as in `?span=3`; else nothing is chosen."""
    going = live is not None
    spans = timeline.spans[:MOST_SPANS]
    numbers = {span.call: number for number, span in enumerate(spans, 1)}
    rows = tuple(listing.row(numbers[span.call], span, going) for span in spans)
    chosen = next((row for row in rows if str(row.number) == selected), None)
    seen = [span for span in spans if going or span.end_ms is None or span.end_ms >= 0]
    asked = _asked(timeline)
    first = next(iter(asked.values()), None)
    scale = _scale(seen, first, live, timeline)
    look = Look(
        scale=scale,
        rule=_rule(first, scale),
        now_ms=max(live.now_ms, timeline.end_ms) if live else timeline.end_ms,
        live=going,
        numbers=numbers,
        responses=asked,
        first_call=next(iter(asked), ""),
        chosen=chosen.call if chosen else "",
    )
    drawn = linked(lanes(seen, timeline.processes, look), look)
    drawn += tuple(curves.lane(curve, look) for curve in timeline.curves)
    return Figure(
        scale=scale,
        ticks=tuple(scale.ticks()),
        lanes=drawn,
        rule=look.rule,
        flag=_flag(first, look.rule, scale),
        sentence=tell(timeline, live=going),
        rows=rows,
        # The replay is for what is over; a live message stays small.
        steps=() if going else listing.steps(timeline.events[:MOST_STEPS], spans, scale),
        omitted=(len(timeline.spans) - len(spans), max(0, len(timeline.events) - MOST_STEPS)),
        live=going,
        now=scale.place(look.now_ms),
        left_ms=max(0.0, scale.end_ms - look.now_ms),
        selected=chosen,
        legend=tuple(_legend(drawn, look.rule)),
        columns=COLUMNS,
        programs=tuple(map(listing.program, timeline.processes)),
        curves=timeline.curves,
    )


def _asked(timeline: Timeline) -> dict[str, Response]:
    """What became of each request, by its call; both stand in the order of asking."""
    requests = [span for span in timeline.spans if span.lane == CLIENT]
    return {span.call: answer for span, answer in zip(requests, timeline.responses, strict=False)}


def _scale(
    spans: Sequence[Span], first: Response | None, live: Live | None, timeline: Timeline
) -> Scale:
    sent = first.sent_ms if first else None
    before = any(bars.start_of(span) < 0 for span in spans)
    if live:
        return fit(live.axis_ms / AFTER, sent, before, _names_before(spans, sent))
    # What was there before zero, a lifespan say, does not make the axis longer.
    of_the_run = [span for span in spans if span.start_ms >= 0]
    ends = [bars.end_of(span, timeline.end_ms) for span in of_the_run] or [timeline.end_ms]
    ends += [process.end_ms or process.start_ms for process in timeline.processes]
    ends += [at for curve in timeline.curves for at, _ in curve.points[-1:]]
    end_ms = max(*ends, sent or 0.0, 0.0)
    # A curve has something to show at every instant.
    fold = None if timeline.curves else idle.fold(spans, timeline.processes, end_ms)
    return fit(end_ms, sent, before, _names_before(spans, sent), fold)


def _names_before(spans: Iterable[Span], sent: float | None) -> float:
    """The characters of the longest name that should end at the rule."""
    early = [span.name for span in spans if sent is not None and 0 <= span.start_ms < sent]
    return max(map(labels.size, early), default=0.0)


def _rule(first: Response | None, scale: Scale) -> float | None:
    if first is None or first.sent_ms is None:
        return None
    return scale.place(first.sent_ms, ends=True)


def _flag(first: Response | None, rule: float | None, scale: Scale) -> Label | None:
    """What the rule says, beside its head: behind it, before it, else as a whole in the track."""
    if first is None or first.sent_ms is None or rule is None:
        return None
    text = f"{first.status} · response sent" if first.status else "response sent"
    if not scale.early:
        text = f"{text} · {words.duration(first.sent_ms)}"
    spots = [Spot(rule, "start", 0.5), Spot(rule, "end", -0.5), Spot(100.0, "end")]
    width = labels.size(text)
    spot = next(spot for spot in spots if spot.box(width).within(labels.TRACK))
    return Label(text, "", "plain", spot.place, spot.anchor, 0.0, spot.shift)


def _legend(drawn: Iterable[Lane], rule: float | None) -> Iterator[str]:
    """The keys of what is to be seen in this figure, in a fixed order."""
    states = {piece.state for lane in drawn for bar in lane.bars for piece in bar.pieces}
    yield from (state for state in ("running", "suspended", "queued") if state in states)
    if rule is not None:
        yield "sent"
    if any(lane.bands for lane in drawn):
        yield "blocked"
    if any(lane.life for lane in drawn):
        yield "life"
    if any(lane.segments for lane in drawn):
        yield "handed"
