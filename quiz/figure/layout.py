"""Bars to lanes: the row of each, and where its name stands so that none lies on another.

Overlapping spans stack; what comes one after another shares a row. A lane of many rows is dense.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from quiz.figure import labels, words
from quiz.figure.bars import Draft, Look, draft, hue, start_of
from quiz.figure.labels import Box, Line, Spot
from quiz.figure.model import Band, Bar, Label, Lane, Mark
from quiz.timeline import CLIENT, LOOP, Span, holding

ORDER = (CLIENT, LOOP, "thread pool", "thread", "main thread")
ROOMY_ROWS = 6  # more than these are drawn dense
BLOCKED_MS = 50.0
STRIP = 1.5  # em for a line of words under the event loop's rows
STRIPS = 2


@dataclass(frozen=True, slots=True)
class Form:
    """How high a row is and where bar and text stand in it, in em."""

    row: float
    bar: float
    height: float
    text: float


ROOMY = Form(row=3.25, bar=1.65, height=1.2, text=0.9)
DENSE = Form(row=1.5, bar=0.3, height=0.95, text=0.78)


def lanes(spans: Sequence[Span], look: Look) -> tuple[Lane, ...]:
    """The lanes in their fixed order; each further process has lanes of its own."""
    processes = list(dict.fromkeys(span.process for span in spans if span.is_call))
    rows: dict[tuple[str, int], list[Span]] = {}
    for name in (CLIENT, LOOP) if look.live else ():
        rows[name, 0] = []
    for span in spans:
        number = processes.index(span.process) if span.is_call else 0
        rows.setdefault((span.lane, number), []).append(span)
    return tuple(_lane(name, number, rows[name, number], look) for name, number in _sorted(rows))


def _sorted(keys: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    def rank(key: tuple[str, int]) -> tuple[int, str, int]:
        return (ORDER.index(key[0]) if key[0] in ORDER else len(ORDER), key[0], key[1])

    return sorted(keys, key=rank)


def _lane(name: str, number: int, spans: Sequence[Span], look: Look) -> Lane:
    drafts = [draft(span, look) for span in sorted(spans, key=_when)]
    bars, height = _stacked(drafts, look.rule)
    bands, under = _bands(spans, look) if name == LOOP else ((), 0.0)
    if under:
        bands = tuple(_lowered(band, height) for band in bands)
    return Lane(
        name=_title(name, number),
        hue=hue(name),
        height=round(max(height, ROOMY.row) + under, 2),
        bars=bars,
        bands=bands,
        marks=tuple(_marks(bars, look)),
    )


def _title(name: str, number: int) -> str:
    if number == 0 or words.names_process(name):
        return name
    return f"{name} · {words.ordinal(number + 1)} process"


def _when(span: Span) -> tuple[bool, float]:
    """In order of time, but what was there before zero, a lifespan say, at the bottom."""
    start = start_of(span)
    return start < 0, start


def _stacked(drafts: Sequence[Draft], rule: float | None) -> tuple[tuple[Bar, ...], float]:
    form = ROOMY
    places, lines = _packed(drafts, False, rule)
    if len(lines) > ROOMY_ROWS:
        form = DENSE
        places, lines = _packed(drafts, True, rule)
    bars = []
    for item, (row, spot) in zip(drafts, places, strict=True):
        y = row * form.row
        label = None
        if spot:
            label = _label(item, spot, lines[row], rule)
            label = replace(label, y=round(y + form.text, 2))
        bars.append(replace(item.bar, y=round(y + form.bar, 2), height=form.height, label=label))
    return tuple(bars), len(lines) * form.row


def _packed(
    drafts: Sequence[Draft], dense: bool, rule: float | None
) -> tuple[list[tuple[int, Spot | None]], list[Line]]:
    """For each its row and the spot of its text: the first row with room for both."""
    lines: list[Line] = []
    places = []
    for item in drafts:
        spots = _spots(item, dense, rule)
        for row in range(len(lines) + 1):
            if row == len(lines):
                lines.append(Line(dense))
            line = lines[row]
            spot = next((s for s in spots if line.takes_text(s.box(item.caption.least))), None)
            # In an empty row a text without room is left out; title and table have it.
            if line.takes_bar(item.box) and (spot or not line.bars):
                break
        if spot:
            line.texts.append(spot.box(item.caption.least))
        line.bars.append(item.box)
        places.append((row, spot))
    return places, lines


def _spots(item: Draft, dense: bool, rule: float | None) -> list[Spot]:
    """Where its text may stand, the best first; an open bar's box reaches to where it may grow."""
    bar, width = item.bar, item.caption.least
    if dense:
        boxes = [(spot, spot.box(width)) for spot in labels.beside(bar.first, bar.last)]
        spots = [s for s, box in boxes if box.within(item.box) or not box.meets(item.box)]
    else:
        spots = labels.near(labels.above(bar.first, bar.last, rule), width, item.box)
    return labels.off_the_rule(spots, width, rule)


def _label(item: Draft, spot: Spot, line: Line, rule: float | None) -> Label:
    """The caption at its spot, with what one would like to add where that takes nobody's room."""
    caption = item.caption
    least = spot.box(caption.least)
    wide = spot.box(labels.size(caption.write(caption.wish)))
    line.texts.remove(least)
    off = rule is None or labels.off_rule(wide, rule)
    fits = off and line.takes_text(wide)
    line.texts.append(wide if fits else least)
    more = caption.wish if fits else caption.need
    return Label(caption.text, more, caption.tone, spot.place, spot.anchor, 0.0, spot.shift)


def _marks(bars: Iterable[Bar], look: Look) -> Iterable[Mark]:
    for bar in bars:
        response = look.responses.get(bar.span.call)
        if response and response.sent_ms is not None and bar.span.call != look.first_call:
            text = f"{response.status} sent after {words.duration(response.sent_ms, exact=True)}"
            place = look.scale.place(response.sent_ms, ends=True)
            yield Mark(place, bar.y, bar.height, f"{response.name}: {text}")


def _bands(spans: Sequence[Span], look: Look) -> tuple[tuple[Band, ...], float]:
    """The stretches in which the loop is blocked, and how high the lines of their words are."""
    lines: list[Line] = []
    bands = []
    for start, end in holding(spans):
        if end - start < BLOCKED_MS or end <= 0:
            continue
        frames = tuple(look.scale.stretch(start, end))
        text = f"loop blocked {words.duration(end - start)}"
        first, last = frames[0][0], frames[-1][0] + frames[-1][1]
        row, spot = _strip(text, labels.bar_box(first, last), (first, last), lines)
        label = (
            Label(text, "", "bad", spot.place, spot.anchor, (row + 0.5) * STRIP) if spot else None
        )
        bands.append(Band(frames, text, label))
    return tuple(bands), min(len(lines), STRIPS) * STRIP


def _strip(
    text: str, box: Box, ends: tuple[float, float], lines: list[Line]
) -> tuple[int, Spot | None]:
    width = labels.size(text)
    spots = labels.near(labels.above(*ends, None), width, box)
    for row in range(STRIPS):
        if row == len(lines):
            lines.append(Line())
        for spot in spots:
            if lines[row].takes_text(spot.box(width)):
                lines[row].texts.append(spot.box(width))
                return row, spot
    return 0, None


def _lowered(band: Band, height: float) -> Band:
    if band.label is None:
        return band
    return replace(band, label=replace(band.label, y=round(band.label.y + height, 2)))
