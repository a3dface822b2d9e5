"""Charts of the progress page, each with its table: due questions, calibration, calendar. Pure.

quiz.storage.activity computes the numbers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from quiz.learning.attempt import CONFIDENCES, Standing
from quiz.storage import activity
from quiz.storage.activity import Day
from quiz.web.components.wording import plural

# Days ahead, and weeks of the calendar.
AHEAD, WEEKS = 14, 12
# Sizes of the drawings in SVG units.
ROW, BAR, SQUARE = 24, 60.0, 14


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
