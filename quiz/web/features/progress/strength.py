"""Drawings of the progress page, each with its table: grid, due questions, calibration, calendar.

Pure. quiz.learning.spaced_repetition and quiz.storage.activity compute the numbers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

from quiz.learning import spaced_repetition
from quiz.learning.attempt import CONFIDENCES, Standing
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.storage import activity
from quiz.storage.activity import Day
from quiz.web.components.questions import review_state
from quiz.web.components.questions.progress_markers import question_href
from quiz.web.components.wording import plural

# Sizes of the drawings in SVG units; AHEAD is in days.
CELL, ROW, LABELS = 26, 24, 190
AHEAD, WEEKS = 14, 12
BAR, SQUARE = 60.0, 14


@dataclass(frozen=True, slots=True)
class Cell:
    """A concept with a tool. `strength` is 0 to 100, None before the first answer.

    `n` of its `of` questions were tried; `due` is the number of due questions.
    """

    x: int
    y: int
    n: int
    of: int
    strength: int | None
    href: str
    due: int
    label: str

    @property
    def shade(self) -> float:
        return 0.0 if self.strength is None else round(0.15 + 0.85 * self.strength / 100, 2)


@dataclass(frozen=True, slots=True)
class GridRow:
    title: str
    y: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A pack's concepts (rows) and tools (columns). A cell without questions is None."""

    title: str
    slug: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[GridRow, ...]

    @property
    def width(self) -> int:
        return LABELS + CELL * len(self.columns)

    @property
    def height(self) -> int:
        return ROW * (len(self.rows) + 1)


def grid(pack: Pack, marks: Mapping[str, Standing], now: datetime) -> Grid | None:
    """None if no question of the pack names both a concept and a tool."""
    found: dict[tuple[str, str], list[Question]] = {}
    for question in pack.questions:
        if question.concept and question.pattern:
            found.setdefault((question.concept, question.pattern), []).append(question)
    if not found:
        return None
    rows = []
    for down, (concept, title) in enumerate(pack.concepts.items()):
        cells = [
            _cell(pack, f"{title}, {name}", asked, marks, now, (across, down))
            if (asked := found.get((concept, pattern)))
            else None
            for across, (pattern, name) in enumerate(pack.patterns.items())
        ]
        rows.append(GridRow(title, ROW * (down + 1), tuple(cells)))
    columns = ((name, LABELS + CELL * n) for n, name in enumerate(pack.patterns.values()))
    return Grid(pack.title, pack.slug, tuple(columns), tuple(rows))


def _cell(
    pack: Pack,
    title: str,
    asked: Sequence[Question],
    marks: Mapping[str, Standing],
    now: datetime,
    place: tuple[int, int],
) -> Cell:
    tried = [(q, m) for q in asked if q.id in marks and (m := marks[q.id].memory)]
    recalls = {question.id: _recall(marks[question.id], m, now) for question, m in tried}
    strength = round(100 * fmean(recalls.values())) if recalls else None
    due = [question for question, m in tried if spaced_repetition.is_due(m, now)]
    fresh = [question for question in asked if question.id not in marks]
    weakest = sorted((question for question, _ in tried), key=lambda q: recalls[q.id])
    to = (due or fresh or weakest)[0]
    said = "nothing answered yet" if strength is None else f"{strength} %"
    label = f"{title}: {said}, {len(tried)} of {plural(len(asked), 'question')}"
    return Cell(
        x=LABELS + CELL * place[0],
        y=ROW * (place[1] + 1),
        n=len(tried),
        of=len(asked),
        strength=strength,
        href=question_href(pack, to) + (f"?{review_state.FROM}" if due else ""),
        due=len(due),
        label=f"{label}, {len(due)} due" if due else label,
    )


def _recall(standing: Standing, remembered: spaced_repetition.Memory, now: datetime) -> float:
    """Chance that the learner recalls the answer now, 0 to 1; 0 if the last answer missed."""
    if (standing.counted.score or 0.0) < spaced_repetition.PASSED:
        return 0.0
    return spaced_repetition.recall(remembered, now)


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar. `x` and `width` are in per cent of the drawing, `y` and `height` in units."""

    x: float
    width: float
    y: float
    height: float
    title: str
    n: int


def ahead(standings: Sequence[Standing], now: datetime) -> list[Bar]:
    """Number of questions due today, overdue ones included, and on each of the next days."""
    today = now.astimezone(UTC).date()
    known = [one.memory.due.astimezone(UTC).date() for one in standings if one.memory]
    counts = Counter(max(due, today) for due in known)
    shown = [today + timedelta(days=n) for n in range(AHEAD)]
    most = max((counts[day] for day in shown), default=0) or 1
    return [_bar(place, AHEAD, counts[day], most, _day(day)) for place, day in enumerate(shown)]


def _bar(place: int, of: int, n: int, most: int, title: str) -> Bar:
    height = round(BAR * n / most, 1)
    width = 100 / of
    return Bar(round(place * width, 2), round(width * 0.8, 2), BAR - height, height, title, n)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The mean grade in per cent of `n` answers with one confidence."""

    title: str
    n: int
    mean: int
    y: int


def calibration(done: Sequence[Day]) -> list[Calibration]:
    found = activity.calibration(done)
    return [
        Calibration(CONFIDENCES[one.confidence], one.n, round(100 * one.mean), place * ROW)
        for place, one in enumerate(found)
    ]


@dataclass(frozen=True, slots=True)
class Square:
    """A day with `n` answers. `shade` is 0 to 1."""

    x: int
    y: int
    n: int
    shade: float
    title: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The last weeks, a column each from Monday to Sunday. `rows` are the days with answers."""

    squares: tuple[Square, ...]
    rows: tuple[tuple[str, int, str], ...]
    spent: str

    @property
    def width(self) -> int:
        return SQUARE * WEEKS


def calendar(done: Sequence[Day], now: datetime) -> Calendar:
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    known = {one.day: one for one in done}
    shown = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    most = max((one.n for one in done), default=0) or 1
    squares = (_square(day, first, known.get(day.isoformat()), most) for day in shown)
    rows = (
        (_day(day), one.n, minutes(one.seconds))
        for day in reversed(shown)
        if (one := known.get(day.isoformat()))
    )
    return Calendar(tuple(squares), tuple(rows), minutes(sum(one.seconds for one in done)))


def _square(day: date, first: date, done: Day | None, most: int) -> Square:
    week, weekday = divmod((day - first).days, 7)
    n = done.n if done else 0
    shade = round(0.2 + 0.8 * n / most, 2) if n else 0.0
    return Square(week * SQUARE, weekday * SQUARE, n, shade, f"{_day(day)}: {plural(n, 'answer')}")


def minutes(seconds: float) -> str:
    whole = round(seconds / 60)
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest} min" if hours else f"{whole} min"


def _day(of: date) -> str:
    return f"{of:%a} {of.day} {of:%b}"
