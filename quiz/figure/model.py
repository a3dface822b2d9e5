"""The parts of a drawn timeline: plain values for a template or a terminal.

Places and widths are per cent of the track. Heights and `y` are in em of the track's font.
"""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from quiz.figure.scale import Anchor, Scale, Tick
from quiz.figure.words import duration, measure
from quiz.timeline import Curve, Span

Tone = Literal["plain", "soft", "bad"]


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside or above its bar; `shift` is its distance from `place` in em."""

    text: str
    more: str
    tone: Tone
    place: float
    anchor: Anchor
    y: float
    shift: float = 0.0

    @property
    def whole(self) -> str:
        return f"{self.text} {self.more}".strip()


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of a bar. The hue says where that part ran, the texture is its state."""

    state: str
    hue: str
    place: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    number: int
    span: Span
    hue: str
    y: float
    height: float
    frames: tuple[tuple[float, float], ...]
    pieces: tuple[Piece, ...]
    end: str  # "" or failed, cancelled, timed_out, open, cut
    edge: float | None  # the true start: a mark of 3 px, however short the bar
    title: str
    label: Label | None = None
    grows: bool = False
    chosen: bool = False

    @property
    def id(self) -> str:
        return f"span-{self.span.call}"

    @property
    def first(self) -> float:
        return self.frames[0][0]

    @property
    def last(self) -> float:
        place, width = self.frames[-1]
        return place + width


@dataclass(frozen=True, slots=True)
class Ghost:
    """A predicted task in its lane. It has a label only if no bar covers it."""

    task: str
    hue: str
    frames: tuple[tuple[float, float], ...]
    title: str
    y: float = 0.0
    height: float = 0.0
    label: Label | None = None

    @property
    def first(self) -> float:
        return self.frames[0][0]

    @property
    def last(self) -> float:
        place, width = self.frames[-1]
        return place + width


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch in which the event loop is blocked."""

    frames: tuple[tuple[float, float], ...]
    title: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Mark:
    """The instant at which a response after the first was sent."""

    place: float
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Life:
    """The life of the lane's program; `start` is set only if it began after zero."""

    process: int
    frames: tuple[tuple[float, float], ...]
    y: float
    title: str
    start: float | None
    end: float | None
    ended_by: str  # "" or killed, exited
    labels: tuple[Label, ...]
    grows: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """The part in one lane of the line from the call that handed a job over to the job.

    `top` and `foot` are in em; None is the edge of the lane. `to` is the place of a bar that starts
    later: the line turns towards it.
    """

    x: float
    top: float | None = None
    foot: float | None = None
    to: float | None = None
    tip: Literal["", "down", "up", "right"] = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve: points in per cent of the track's width and of its height below `top` (em)."""

    points: tuple[tuple[float, float], ...]
    top: float
    title: str
    label: Label

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    hue: str
    height: float
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    life: Life | None = None
    segments: tuple[Segment, ...] = ()
    curve: Drawn | None = None
    ghosts: tuple[Ghost, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An event in the replay."""

    at_ms: float
    at: str
    place: float
    text: str
    span: str  # the id of its bar, or ""


PROGRAMS = ("Program", "Process", "Started", "Ended")
COLUMNS = (
    "Name",
    "Where",
    "Thread",
    "Process",
    "Started",
    "Ended",
    "Held its thread",
    "Waited, thread free",
    "Queued",
    "Outcome",
    "Code",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A span in words: a row of the table, or the details of the chosen span."""

    number: int
    call: str
    hue: str
    cells: tuple[str, ...]  # as COLUMNS names them
    file: str
    line: int | None

    @property
    def id(self) -> str:
        return f"span-{self.call}"

    @property
    def anchor(self) -> str:
        """The id of the function's first line in the code panel (quiz/web/core/syntax.py)."""
        return f"code-{self.file}-{self.line}"

    @property
    def details(self) -> list[tuple[str, str]]:
        """The titles and texts of a chosen span, without empty cells."""
        return [pair for pair in zip(COLUMNS, self.cells, strict=True) if pair[1]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The run in words. The second of each pair says whether the text is a number to stress."""

    pieces: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def __html__(self) -> str:
        stressed = (
            Markup("<b>{}</b>").format(text) if strong else Markup.escape(text)
            for text, strong in self.pieces
        )
        return Markup("").join(stressed)

    def __bool__(self) -> bool:
        return bool(self.pieces)


@dataclass(frozen=True, slots=True)
class Figure:
    scale: Scale
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    rule: float | None  # the place at which the first response was sent
    flag: Label | None  # the rule's label
    sentence: Sentence
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    omitted: tuple[int, int]  # the numbers of spans not drawn and of events not listed
    live: bool
    now: float  # per cent; the present while live
    left_ms: float  # from now to the end of the axis
    selected: Row | None
    columns: tuple[str, ...]
    legend: tuple[str, ...]  # the keys that this figure needs
    programs: tuple[tuple[str, ...], ...] = ()  # as PROGRAMS names them
    curves: tuple[Curve, ...] = ()
    predicted_rule: float | None = None  # the predicted place of the response, if not at once
    predicted: tuple[tuple[str, str], ...] = ()  # task by task, in words
    program_columns: tuple[str, ...] = PROGRAMS
    duration = staticmethod(duration)
    measure = staticmethod(measure)
