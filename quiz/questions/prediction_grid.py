"""The grid on which a learner predicts a timeline: its fields, its form and its picture.

Questions and demo pages use it. Horizontal places are per cent of the track, heights are in em.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quiz.questions.answers import AnswerError, Form, one_text
from quiz.questions.placeholders import number
from quiz.questions.prediction import LANES, WHERE, Lane, Prediction, Stay

HUES = {"event loop": "loop", "thread": "thread", "worker": "worker"}
NEVER = "never"
HEAD, BAR, STEP, FOOT, SHELF = 1.7, 1.35, 1.75, 0.3, 3.3
RULER, FLAG = 1.7, 1.7
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select element."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A lane; or a shelf, on which bars are side by side."""

    value: str
    title: str
    hue: str
    y: float
    height: float
    shelf: bool


@dataclass(frozen=True, slots=True)
class Bar:
    task: str
    hue: str
    x: float
    width: float
    y: float
    label_x: float
    anchor: str
    says: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The line of the response, and the side of its label."""

    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a whole or partial prediction. `sent` is None if it is not predicted."""

    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str, str], ...]
    lines: tuple[float, ...]
    sent: Sent | None
    height: float
    bar: float = BAR
    step: float = STEP
    head: float = HEAD


@dataclass(frozen=True)
class Grid:
    """The grid of a question or a demo. `whole`: the learner must place all tasks."""

    tasks: tuple[str, ...]
    slots: int
    slot_seconds: float
    lanes: tuple[Lane, ...] = LANES
    asks_response: bool = True
    whole: bool = True

    def parse(self, form: Form) -> Prediction:
        """The prediction of a form. A task ends with the grid at the latest. Raises AnswerError."""
        stays: dict[str, Stay | None] = {}
        for task in self.tasks:
            lane = one_text(form, f"lane-{task}")
            if not lane:
                if self.whole:
                    raise AnswerError(f"{task} has no place yet. Say where it runs, or never.")
                continue
            stays[task] = None if lane == NEVER else self._stay(form, task, lane)
        if not stays:
            raise AnswerError("Nothing is predicted yet. Say of one task where it runs, or never.")
        return Prediction(self.slot_seconds, stays, self._sent(form))

    def _stay(self, form: Form, task: str, lane: str) -> Stay:
        known = next((known for known in self.lanes if known == lane), None)
        if known is None:
            raise AnswerError(f"{lane[:20]} is no lane of this grid. Choose one of its lanes.")
        start = self._slot(form, f"start-{task}", 0, self.slots - 1)
        length = self._slot(form, f"length-{task}", 1, self.slots)
        return Stay(known, start, min(start + length, self.slots))

    def _sent(self, form: Form) -> int | None:
        if not self.asks_response:
            return None
        if not one_text(form, "sent"):
            if self.whole:
                raise AnswerError("The response has no place yet. Say when it is sent.")
            return None
        return self._slot(form, "sent", 0, self.slots)

    def _slot(self, form: Form, name: str, least: int, most: int) -> int:
        text = one_text(form, name) or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 4):
            raise AnswerError("A beginning and a length are chosen from the lists.")
        if not least <= int(text) <= most:
            raise AnswerError("That lies outside of the grid. Choose from the lists.")
        return int(text)

    def pairs(self, prediction: Prediction) -> list[tuple[str, str]]:
        """The form fields of a prediction."""
        found = []
        for task, stay in prediction.tasks.items():
            found.append((f"lane-{task}", stay.lane if stay else NEVER))
            start, length = (stay.start, stay.end - stay.start) if stay else (0, 1)
            found += [(f"start-{task}", str(start)), (f"length-{task}", str(length))]
        return found + ([] if prediction.sent is None else [("sent", str(prediction.sent))])

    # The fields.

    def selects(self, task: str, sent: Mapping[str, str]) -> list[Select]:
        """The fields of a task: lane, start and length."""
        lanes = [("", "choose"), *((lane, WHERE[lane]) for lane in self.lanes)]
        starts = [(str(slot), self._time(slot)) for slot in range(self.slots)]
        lengths = [(str(slots), self._time(slots)) for slots in range(1, self.slots + 1)]
        return [
            _select(f"lane-{task}", "Runs", [*lanes, (NEVER, "never happens")], sent),
            _select(f"start-{task}", "From", starts, sent),
            _select(f"length-{task}", "For", lengths, sent),
        ]

    def response(self, sent: Mapping[str, str]) -> Select:
        times = [(str(slot), f"after {self._time(slot)}") for slot in range(1, self.slots + 1)]
        return _select("sent", "Is sent", [("", "choose"), ("0", "at once"), *times], sent)

    def _time(self, slot: int) -> str:
        return f"{number(round(slot * self.slot_seconds, 6))} s"

    # The drawing.

    def drawn(self, prediction: Prediction) -> Picture:
        return self._picture(prediction.tasks, prediction.sent, shelves=False)

    def blank(self, sent: Mapping[str, str]) -> Picture:
        """The picture to fill in, with the valid fields that were sent."""
        try:
            partly = Grid(self.tasks, self.slots, self.slot_seconds, self.lanes, whole=False)
            given = partly.parse(_Given(sent))
        except AnswerError:
            return self._picture({}, None, shelves=True)
        return self._picture(given.tasks, given.sent, shelves=True)

    def _picture(
        self, tasks: Mapping[str, Stay | None], sent: int | None, *, shelves: bool
    ) -> Picture:
        rows = tuple(self._rows(shelves, None in tasks.values()))
        by_value = {row.value: row for row in rows}
        bars = []
        for place, task in enumerate(self.tasks):
            if task not in tasks and not shelves:
                continue
            stay = tasks.get(task)
            value = stay.lane if stay else (NEVER if task in tasks else "")
            bars.append(self._bar(place, task, stay, by_value[value]))
        return Picture(
            rows=rows,
            bars=tuple(bars),
            ticks=tuple(self._ticks()),
            lines=tuple(self._x(slot) for slot in range(1, self.slots)),
            sent=None
            if sent is None
            else Sent(self._x(sent), "end" if 2 * sent > self.slots else "start"),
            height=rows[-1].y + rows[-1].height + (FLAG if self.asks_response else 0.2),
        )

    def _rows(self, shelves: bool, any_never: bool) -> Iterator[Row]:
        kinds: list[tuple[str, str, str, bool]] = [
            (lane, WHERE[lane], HUES[lane], False) for lane in self.lanes
        ]
        if shelves:
            kinds.insert(0, ("", "not placed yet", "neutral", True))
        if shelves or any_never:
            kinds.append((NEVER, "never happens", "neutral", True))
        y = RULER
        for value, title, hue, shelf in kinds:
            height = SHELF if shelf else HEAD + STEP * len(self.tasks) + FOOT
            yield Row(value, title, hue, round(y, 2), round(height, 2), shelf)
            y += height

    def _bar(self, place: int, task: str, stay: Stay | None, row: Row) -> Bar:
        if stay is None:
            width = 100 / len(self.tasks)
            x = round(place * width, 3)
            says = "never happens" if row.value else "not placed yet"
            return Bar(task, row.hue, x, round(width * 0.94, 3), _line(row, 0), x, "start", says)
        x, end = self._x(stay.start), self._x(stay.end)
        # A name may be longer than its bar, so it is on the side with more room.
        at_end = x > 50
        says = f"{WHERE[stay.lane]}, from {self._time(stay.start)} to {self._time(stay.end)}"
        label, anchor = (end, "end") if at_end else (x, "start")
        return Bar(task, row.hue, x, round(end - x, 3), _line(row, place), label, anchor, says)

    def _x(self, slot: int) -> float:
        return round(100 * slot / self.slots, 3)

    def _ticks(self) -> Iterator[tuple[float, str, str]]:
        step = -(-self.slots // MOST_TICKS)
        for slot in range(0, self.slots + 1, step):
            anchor = "start" if slot == 0 else "end" if slot == self.slots else "middle"
            yield self._x(slot), self._time(slot), anchor


class _Given:
    """A form of these values."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def getlist(self, key: str, /) -> Sequence[str]:
        return [self._values[key]] if key in self._values else []


def _line(row: Row, place: int) -> float:
    return round(row.y + HEAD + (0 if row.shelf else place * STEP), 2)


def _select(
    name: str, words: str, choices: Sequence[tuple[str, str]], sent: Mapping[str, str]
) -> Select:
    chosen = sent.get(name, choices[0][0])
    return Select(name, words, tuple(Choice(v, text, v == chosen) for v, text in choices))
