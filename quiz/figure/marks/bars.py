"""Spans as bars: rectangles, the shape of the end, captions. layout.py chooses their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quiz.figure import words
from quiz.figure.marks.labels import Box, bar_box, shortened, size
from quiz.figure.model import Bar, Piece, Tone
from quiz.figure.scale import MIN_CHARS, Scale
from quiz.questions.prediction import Prediction
from quiz.timeline import CLIENT, LOOP, MEMORY, Block, Part, Response, Span

HUES = {
    CLIENT: "client",
    LOOP: "loop",
    "thread pool": "thread",
    "thread": "thread",
    MEMORY: "neutral",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Values that all bars of a figure share; `now_ms` is the end of the known time."""

    scale: Scale
    rule: float | None
    now_ms: float
    live: bool
    numbers: Mapping[str, int]
    responses: Mapping[str, Response]
    first_call: str
    chosen: str
    blocks: Sequence[Block] = ()
    predicted: Prediction | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: `text` and `need` must be there, `wish` replaces `need` if there is room."""

    text: str
    need: str
    wish: str
    tone: Tone

    def write(self, more: str) -> str:
        return f"{self.text} {more}".strip()

    @property
    def least(self) -> float:
        return size(self.write(self.need))


# Needs no caption: another bar of its name has one.
SILENT = Caption("", "", "", "plain")


@dataclass(frozen=True, slots=True)
class Draft:
    bar: Bar
    caption: Caption
    box: Box


def hue(lane: str) -> str:
    return HUES.get(lane, "worker")


def start_of(span: Span) -> float:
    """The start of a bar: with the wait for a thread, if there is one."""
    return min([span.start_ms, *(part.start_ms for part in span.parts)])


def end_of(span: Span, now_ms: float) -> float:
    """The end of a bar: an open part reaches until now, a cut part ends at the cut."""
    if span.end_ms is not None:
        return span.end_ms
    ends = [now_ms if part.end_ms is None else part.end_ms for part in span.parts]
    return max(ends, default=now_ms)


def is_open(span: Span) -> bool:
    return span.end_ms is None and any(part.end_ms is None for part in span.parts)


def draft(span: Span, look: Look) -> Draft:
    start, end = start_of(span), end_of(span, look.now_ms)
    frames = tuple(look.scale.stretch(start, max(start, end)))
    bar = Bar(
        number=look.numbers[span.call],
        span=span,
        hue=hue(span.lane),
        y=0.0,
        height=0.0,
        frames=frames,
        pieces=tuple(piece for part in span.parts for piece in _pieces(part, span, look)),
        end=_shape(span),
        edge=None if span.start_ms < 0 else look.scale.place(span.start_ms),
        title=title(span, look.live),
        grows=look.live and is_open(span),
        chosen=span.call == look.chosen,
    )
    box = bar_box(bar.first, bar.last)
    if look.live and is_open(span):
        box = Box(box.start, MIN_CHARS)
    return Draft(bar, caption(span, look), box)


def _pieces(part: Part, span: Span, look: Look) -> list[Piece]:
    state = "asked" if span.lane == CLIENT else part.state
    end = look.now_ms if part.end_ms is None else part.end_ms
    stretches = look.scale.stretch(part.start_ms, max(part.start_ms, end))
    return [Piece(state, hue(part.lane), place, width) for place, width in stretches]


def _shape(span: Span) -> str:
    if span.end_ms is None:
        if span.start_ms < 0:
            return ""
        return "open" if is_open(span) else "cut"
    return span.ended_by if span.ended_by in words.ENDED else ""


def title(span: Span, live: bool) -> str:
    """The bar in words, for screen readers and as its tooltip."""
    begun = f"{span.name}, {span.lane}, from {words.duration(span.start_ms, exact=True)}"
    if span.end_ms is None:
        return f"{begun}, {words.ending(span, live) or 'to the end'}"
    took = words.duration(span.end_ms - span.start_ms, exact=True)
    ended = f"{begun} to {words.duration(span.end_ms, exact=True)}, took {took}"
    outcome = words.outcome(span, live)
    return f"{ended}, {outcome}" if outcome else ended


def caption(span: Span, look: Look) -> Caption:
    name = span.name if span.attempt < 2 else f"{span.name} · attempt {span.attempt}"
    word = words.ending(span, look.live)
    if span.end_ms is None and look.live:
        need, wish = "", word
    elif word:
        need, wish = word, words.outcome(span, look.live)
    else:
        need, wish = "", _measure(span, look)
    bad = bool(word) and not (look.live and span.end_ms is None)
    room = MIN_CHARS - size(need) - 1
    return Caption(shortened(name, room), need, wish, "bad" if bad else "soft")


def _measure(span: Span, look: Look) -> str:
    if span.end_ms is None:
        return ""
    took = words.duration(span.end_ms - span.start_ms)
    response = look.responses.get(span.call)
    if response is None or response.status is None or span.call == look.first_call:
        return took
    return f"{response.status} · {took}"
