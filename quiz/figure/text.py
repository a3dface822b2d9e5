"""The figure as lines of text, for a terminal and `Accept: text/plain`.

A line is a list of (text, style) with rich's styles. `plain` drops them, so pages need no rich.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from quiz.figure.marks.labels import size
from quiz.figure.model import Bar, Drawn, Figure, Label, Lane, Life
from quiz.figure.scale import MIN_CHARS, Anchor

Styled = list[tuple[str, str]]

HUES = {
    "client": "bright_black",
    "loop": "cyan",
    "thread": "yellow",
    "worker": "magenta",
    "neutral": "white",
}
FILLS = {"asked": "─", "running": "█", "suspended": "░", "queued": "·", "alive": "▒"}
SIGNS = {"failed": "✗", "timed_out": "✗", "cancelled": "◇", "cut": "≀", "open": "▸"}
LEGEND = {
    "running": "█ holds its thread",
    "suspended": "░ waits, its thread is free",
    "queued": "· queued: waits for its turn",
    "alive": "▒ is in memory",
    "sent": "│ response sent",
    "life": "╌ a program is there",
}
HEIGHTS = "▁▂▃▄▅▆▇█"
GUTTER = 2


class Canvas:
    """One line of characters; later writes replace earlier ones."""

    def __init__(self, width: int) -> None:
        self._cells = [(" ", "")] * width

    def put(self, column: int, text: str, style: str = "") -> None:
        for offset, character in enumerate(text):
            if 0 <= column + offset < len(self._cells):
                self._cells[column + offset] = (character, style)

    def line(self) -> Styled:
        groups = groupby(self._cells, key=lambda cell: cell[1])
        return [("".join(text for text, _ in group), style) for style, group in groups]


class Drawing:
    """The columns of the track: the terminal's width without the names of the lanes."""

    def __init__(self, figure: Figure, width: int) -> None:
        self.figure = figure
        self.names = max(len(lane.name) for lane in figure.lanes) + GUTTER if figure.lanes else 0
        self.columns = max(int(MIN_CHARS), width - self.names)

    def lines(self) -> Iterator[Styled]:
        yield self._named("", self._ruler())
        if self.figure.flag:
            canvas = self._canvas()
            self._write(canvas, self.figure.flag, "bold")
            yield self._named("", canvas)
        for lane in self.figure.lanes:
            yield from self._lane(lane)

    def _named(self, name: str, canvas: Canvas) -> Styled:
        return [(name.ljust(self.names), "bold"), *canvas.line()]

    def _canvas(self) -> Canvas:
        canvas = Canvas(self.columns)
        for gap in self.figure.scale.breaks:
            canvas.put(self._column(gap.last), "╎", "bright_black")
        if self.figure.rule is not None:
            canvas.put(self._column(self.figure.rule), "│", "bold")
        return canvas

    def _column(self, place: float) -> int:
        return min(self.columns - 1, int(place / 100 * self.columns))

    def _ruler(self) -> Canvas:
        canvas = Canvas(self.columns)
        for tick in self.figure.ticks:
            canvas.put(
                self._start(tick.place, tick.anchor, len(tick.text)), tick.text, "bright_black"
            )
        return canvas

    def _start(self, place: float, anchor: Anchor, width: int) -> int:
        shift = {"start": 0, "middle": width // 2, "end": width}[anchor]
        column = round(place / 100 * self.columns) if anchor == "end" else self._column(place)
        return max(0, min(self.columns - width, column - shift))

    def _write(self, canvas: Canvas, label: Label, style: str = "") -> None:
        shift = round(label.shift)
        column = self._start(label.place, label.anchor, int(size(label.whole))) + shift
        canvas.put(column, label.text, style)
        if label.more:
            tone = "bold red" if label.tone == "bad" else "bright_black"
            canvas.put(column + len(label.text) + 1, label.more, tone)

    def _lane(self, lane: Lane) -> Iterator[Styled]:
        name = lane.name
        rows = groupby(sorted(lane.bars, key=lambda bar: bar.y), key=lambda bar: bar.y)
        for _, bars in rows:
            for canvas in self._row(list(bars)):
                yield self._named(name, canvas)
                name = ""
        if lane.life:
            yield self._named(name, self._life(lane.life))
            name = ""
        if lane.curve:
            above = self._canvas()
            self._write(above, lane.curve.label, "bright_black")
            yield self._named(name, above)
            yield self._named("", self._curve(lane.curve))
        if lane.bands:
            canvas = self._canvas()
            for band in lane.bands:
                if band.label:
                    self._write(canvas, band.label, "bold red")
            yield self._named("", canvas)

    def _life(self, life: Life) -> Canvas:
        canvas = self._canvas()
        for place, width in life.frames:
            first, last = self._column(place), self._column(place + width)
            canvas.put(first, "╌" * max(1, last - first), "bright_black")
        for label in life.labels:
            self._write(canvas, label, "bold red" if label.tone == "bad" else "bright_black")
        if life.start is not None:
            canvas.put(self._column(life.start), "▸", "bright_black")
        if life.end is not None:
            sign, style = ("✗", "bold red") if life.ended_by == "killed" else ("╎", "bright_black")
            canvas.put(self._column(life.end), sign, style)
        return canvas

    def _curve(self, curve: Drawn) -> Canvas:
        """A curve. Each column has the height of its highest point."""
        canvas = self._canvas()
        heights: dict[int, float] = {}
        for place, y in curve.points:
            column = self._column(place)
            heights[column] = max(heights.get(column, 0.0), 1 - y / 100)
        for column, share in heights.items():
            canvas.put(column, HEIGHTS[round(share * (len(HEIGHTS) - 1))])
        return canvas

    def _row(self, bars: Sequence[Bar]) -> list[Canvas]:
        above, line = self._canvas(), self._canvas()
        for bar in bars:
            self._bar(line, bar)
        has_above = False
        for bar in bars:
            if bar.label:
                is_above = bar.label.y < bar.y
                has_above = has_above or is_above
                self._write(above if is_above else line, bar.label)
        return [above, line] if has_above else [line]

    def _bar(self, canvas: Canvas, bar: Bar) -> None:
        for piece in bar.pieces:
            # A sliver would take a whole column, and the mark of its start is drawn already.
            if len(bar.pieces) > 1 and piece.width * self.columns < 50:
                continue
            first = self._column(piece.place)
            last = max(first + 1, round((piece.place + piece.width) / 100 * self.columns))
            canvas.put(first, FILLS[piece.state] * (last - first), HUES[piece.hue])
        if bar.edge is not None:
            canvas.put(self._column(bar.edge), "▌" if bar.hue != "client" else "├", HUES[bar.hue])
        if bar.end:
            style = "bold red" if bar.end != "open" else HUES[bar.hue]
            canvas.put(max(0, self._column(bar.last)), SIGNS[bar.end], style)


def lines(figure: Figure, width: int) -> Iterator[Styled]:
    """All lines: the sentence, the picture, the key of its signs, the table."""
    for text in _wrapped(str(figure.sentence), width):
        yield [(text, "")]
    yield []
    yield from Drawing(figure, width).lines()
    yield []
    legend = [LEGEND[key] for key in figure.legend if key in LEGEND]
    yield [("   ".join(legend), "bright_black")]
    yield []
    yield from _table(figure)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _table(figure: Figure) -> Iterator[Styled]:
    """The table without empty columns; the page has thread, process and code."""
    left_out = ("Thread", "Process", "Code")
    columns = [
        [title, *(row.cells[i] for row in figure.rows)]
        for i, title in enumerate(figure.columns)
        if title not in left_out and any(row.cells[i] for row in figure.rows)
    ]
    widths = [max(map(len, column)) for column in columns]
    for number, cells in enumerate(zip(*columns, strict=True)):
        text = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield [(text.rstrip(), "" if number else "bold")]


def plain(figure: Figure, width: int = 100) -> str:
    """The lines without colours and without trailing blanks."""
    return "".join(f"{_bare(line)}\n" for line in lines(figure, width))


def _bare(line: Iterable[tuple[str, str]]) -> str:
    return "".join(text for text, _ in line).rstrip()
