"""The lane and row of each bar, and the place of its name, so that no name covers another.

Overlapping spans are stacked. Spans one after another share a row. A lane of many rows is dense.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quiz.figure import predicted, words
from quiz.figure.marks import labels, lives
from quiz.figure.marks.bands import bands
from quiz.figure.marks.bars import SILENT, Caption, Draft, Look, draft, hue, start_of
from quiz.figure.marks.labels import Line, Spot
from quiz.figure.model import Bar, Ghost, Label, Lane, Mark
from quiz.timeline import CLIENT, LOOP, MEMORY, Process, Span

ORDER = (CLIENT, LOOP, "thread pool", "thread", "main thread", MEMORY)
MOST_ALIKE = 6  # labels of one name in a lane
ROOMY_ROWS = 6  # with more rows than this a lane is dense


@dataclass(frozen=True, slots=True)
class Form:
    """The height of a row and the places of bar and text in it, in em."""

    row: float
    bar: float
    height: float
    text: float


ROOMY = Form(row=3.25, bar=1.65, height=1.2, text=0.9)
DENSE = Form(row=1.5, bar=0.3, height=0.95, text=0.78)


Key = tuple[str, int]


def lanes(spans: Sequence[Span], processes: Sequence[Process], look: Look) -> tuple[Lane, ...]:
    """The lanes in their order. Each further process has its own lanes."""
    programs: dict[Key, Process] = {(p.lane, p.pid): p for p in lives.worth_showing(processes)}
    rows: dict[Key, list[Span]] = {key: [] for key in programs}
    for span in spans:
        rows.setdefault((span.lane, span.process if span.is_call else 0), []).append(span)
    if look.live:
        for name in (CLIENT, LOOP):
            if not any(lane == name for lane, _ in rows):
                rows[name, 0] = []
    ghosts = predicted.by_lane(rows, look)
    rows |= {key: [] for key in ghosts if key not in rows}
    titles = _titles(rows, processes)
    return tuple(
        _lane(key, titles[key], rows[key], programs.get(key), look, ghosts.get(key, []))
        for key in _sorted(rows, programs)
    )


def _titles(rows: Mapping[Key, list[Span]], processes: Iterable[Process]) -> dict[Key, str]:
    """The titles of lanes. From the second process on, a title says which process it is."""
    apps = {process.pid: process.app for process in processes}
    first = next((apps[pid] for _, pid in rows if pid in apps), "")
    # All lanes of one process have the same number.
    numbers: dict[int, int] = {}
    for name, pid in rows:
        if pid and not words.names_process(name):
            numbers.setdefault(pid, len(numbers) + 1)
    titles = {}
    for name, pid in rows:
        title = name
        if numbers.get(pid, 1) > 1 and not words.names_process(name):
            app = apps.get(pid, "")
            which = app if app not in ("", first) else f"{words.ordinal(numbers[pid])} process"
            title = f"{name} · {which}"
        titles[name, pid] = title
    return titles


def _sorted(rows: Mapping[Key, list[Span]], programs: Mapping[Key, Process]) -> list[Key]:
    """The client, the lanes of the web server, then the other lanes in time order."""

    def rank(key: Key) -> tuple[int, float]:
        starts = [span.start_ms for span in rows[key]]
        if key in programs:
            starts.append(programs[key].start_ms)
        place = ORDER.index(key[0]) if key[0] in ORDER else len(ORDER)
        return place, min(starts, default=0.0)

    return sorted(rows, key=rank)


def _lane(
    key: Key,
    title: str,
    spans: Sequence[Span],
    process: Process | None,
    look: Look,
    ghosts: Sequence[Ghost],
) -> Lane:
    name, pid = key
    drafts = _thinned([draft(span, look) for span in sorted(spans, key=_when)])
    bars, height = _stacked(predicted.beside(drafts, ghosts), look.rule)
    under_bars, height = predicted.placed(
        ghosts, bars, look.rule, height, row=ROOMY.row, bar=ROOMY.bar, text=ROOMY.text
    )
    # A lane with nothing but the life of its program has the height of that line.
    height = height if process and not (bars or ghosts) else max(height, ROOMY.row)
    blocks = [block for block in look.blocks if block.process == pid] if name == LOOP else []
    blocked, under = bands(blocks, look, height)
    height += under
    life = lives.life(process, look, height) if process else None
    return Lane(
        name=title,
        hue=hue(name),
        height=round(height + (lives.STRIP if life else 0.0), 2),
        bars=bars,
        bands=blocked,
        marks=tuple(_marks(bars, look)),
        life=life,
        ghosts=under_bars,
    )


def _thinned(drafts: list[Draft]) -> list[Draft]:
    """Of many bars with one name, the first is labelled with their number."""
    counts = Counter((item.caption.text, item.caption.need) for item in drafts)
    said: set[tuple[str, str]] = set()
    thinned = []
    for item in drafts:
        text, need = item.caption.text, item.caption.need
        if (count := counts[text, need]) > MOST_ALIKE:
            many = Caption(f"{text} × {count}", need, need, item.caption.tone)
            item = replace(item, caption=SILENT if (text, need) in said else many)
            said.add((text, need))
        thinned.append(item)
    return thinned


def _when(span: Span) -> tuple[bool, float]:
    """Time order, but spans from before zero, such as a lifespan, come last."""
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
    """For each bar its row and the spot of its text: the first row with room for both."""
    lines: list[Line] = []
    places = []
    for item in drafts:
        silent = item.caption is SILENT
        spots = [] if silent else _spots(item, dense, rule)
        for row in range(len(lines) + 1):
            if row == len(lines):
                lines.append(Line(dense))
            line = lines[row]
            spot = next((s for s in spots if line.takes_text(s.box(item.caption.least))), None)
            # If even an empty row has no room, the text is left out: title and table have it.
            if line.takes_bar(item.box) and (spot or silent or not line.bars):
                break
        if spot:
            line.texts.append(spot.box(item.caption.least))
        line.bars.append(item.box)
        places.append((row, spot))
    return places, lines


def _spots(item: Draft, dense: bool, rule: float | None) -> list[Spot]:
    """The spots for a bar's text, the best first. An open bar's box includes its growth."""
    bar, width = item.bar, item.caption.least
    if dense:
        boxes = [(spot, spot.box(width)) for spot in labels.beside(bar.first, bar.last)]
        spots = [s for s, box in boxes if box.within(item.box) or not box.meets(item.box)]
    else:
        spots = labels.near(labels.above(bar.first, bar.last, rule), width, item.box)
    return labels.off_the_rule(spots, width, rule)


def _label(item: Draft, spot: Spot, line: Line, rule: float | None) -> Label:
    """The caption at its spot, with its optional part if there is room."""
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
