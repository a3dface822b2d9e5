"""A timeline as a figure: places of bars and labels, the sentence, the table, the replay.

Pure. Knows no pages: templates/timeline/ and text.py show the figure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from quiz.figure import listing, predicted, sentence, words
from quiz.figure.axis import MOST_SPANS, Live, axis, live_axis, seen_of, shared
from quiz.figure.layout import lanes
from quiz.figure.marks import curves, labels
from quiz.figure.marks.bars import Look
from quiz.figure.marks.labels import Spot
from quiz.figure.marks.links import linked
from quiz.figure.model import COLUMNS, Figure, Label, Lane, Sentence
from quiz.figure.scale import Scale
from quiz.questions.prediction import Prediction
from quiz.timeline import CLIENT, Response, Timeline

__all__ = ["Figure", "Live", "Sentence", "draw", "side_by_side", "tell"]

MOST_STEPS = 300
tell = sentence.tell


def side_by_side(timelines: Sequence[Timeline], *, selected: str = "") -> tuple[Figure, ...]:
    """Several timelines on one axis. Spans are numbered on from one timeline to the next."""
    scale, number, figures = shared(timelines), 1, list[Figure]()
    for timeline in timelines:
        figures.append(draw(timeline, selected=selected, scale=scale, number=number))
        number += len(figures[-1].rows)
    return tuple(figures)


def draw(
    timeline: Timeline,
    *,
    live: Live | None = None,
    selected: str = "",
    scale: Scale | None = None,
    number: int = 1,
    prediction: Prediction | None = None,
) -> Figure:
    """The figure of one timeline.

    `selected` is the number of a span in time order, as in `?span=3`. `scale` is given when
    several figures share an axis. `number` is the number of the first span.
    """
    going = live is not None
    spans = timeline.spans[:MOST_SPANS]
    numbers = {span.call: n for n, span in enumerate(spans, number)}
    rows = tuple(listing.row(numbers[span.call], span, going) for span in spans)
    chosen = next((row for row in rows if str(row.number) == selected), None)
    if scale is None:
        until = prediction.end_ms if prediction else 0.0
        scale = live_axis(timeline, live, until) if live else axis(timeline, until)
    look = _look(timeline, scale, live, numbers, chosen.call if chosen else "", prediction)
    first = next(iter(look.responses.values()), None)
    drawn = linked(lanes(seen_of(timeline, going), timeline.processes, look), look)
    drawn += tuple(curves.lane(curve, look) for curve in timeline.curves)
    return Figure(
        scale=scale,
        ticks=tuple(scale.ticks()),
        lanes=drawn,
        rule=look.rule,
        flag=_flag(first, look.rule, scale),
        sentence=tell(timeline, live=going),
        rows=rows,
        # Only a finished run has a replay: live messages stay small.
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
        predicted_rule=predicted.rule_of(prediction, scale),
        predicted=predicted.rows(prediction),
    )


def _look(
    timeline: Timeline,
    scale: Scale,
    live: Live | None,
    numbers: Mapping[str, int],
    chosen: str,
    prediction: Prediction | None,
) -> Look:
    """Values that all parts of one figure share."""
    asked = _asked(timeline)
    return Look(
        scale=scale,
        rule=_rule(next(iter(asked.values()), None), scale),
        now_ms=max(live.now_ms, timeline.end_ms) if live else timeline.end_ms,
        live=live is not None,
        numbers=numbers,
        responses=asked,
        first_call=next(iter(asked), ""),
        chosen=chosen,
        blocks=timeline.blocks,
        predicted=prediction,
    )


def _asked(timeline: Timeline) -> dict[str, Response]:
    """The response of each request by the request's call, in the order of the requests."""
    requests = [span for span in timeline.spans if span.lane == CLIENT]
    return {span.call: answer for span, answer in zip(requests, timeline.responses, strict=False)}


def _rule(first: Response | None, scale: Scale) -> float | None:
    if first is None or first.sent_ms is None:
        return None
    return scale.place(first.sent_ms, ends=True)


def _flag(first: Response | None, rule: float | None, scale: Scale) -> Label | None:
    """The label at the head of the rule: right of it, left of it, else anywhere in the track."""
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
    """The keys that this figure needs, in a fixed order."""
    states = {piece.state for lane in drawn for bar in lane.bars for piece in bar.pieces}
    yield from (state for state in ("running", "suspended", "queued", "alive") if state in states)
    if rule is not None:
        yield "sent"
    if any(lane.bands for lane in drawn):
        yield "blocked"
    if any(lane.life for lane in drawn):
        yield "life"
    if any(lane.segments for lane in drawn):
        yield "handed"
    if any(lane.ghosts for lane in drawn):
        yield "predicted"
