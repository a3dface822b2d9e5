"""A predicted timeline: the lane and the slots of each task, or that the task never runs.

Knows no runs and no pages. Answers and addresses contain a prediction as text:
`slot:0.5,sent:0,task_a:event-loop:0:4,task_b:never`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, get_args

from quiz.errors import QuizError

# The lanes of a prediction. "thread" is a thread of the pool or a separate one.
Lane = Literal["event loop", "thread", "worker"]
LANES: tuple[Lane, ...] = get_args(Lane)
WHERE = {"event loop": "on the event loop", "thread": "in a thread", "worker": "in another process"}
MOST_SLOTS, MOST_TASKS, LONGEST = 24, 12, 1000

_NUMBER = r"(?:0|[1-9]\d{0,3})(?:\.\d{1,4})?"
_SLOT = re.compile(rf"slot:({_NUMBER})")
_SENT = re.compile(r"sent:(\d{1,2})")
_TASK = re.compile(r"([A-Za-z_]\w{0,60}):(?:never|([a-z-]+):(\d{1,2}):(\d{1,2}))", re.ASCII)


class PredictionError(QuizError):
    """A text that is not a prediction."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A task's lane, and its time from the start of slot `start` to the start of slot `end`."""

    lane: Lane
    start: int
    end: int


@dataclass(frozen=True)
class Prediction:
    """The predicted tasks. None is a task that never runs.

    The response is sent at the start of slot `sent`; None if the grid does not ask for it.
    """

    slot_seconds: float
    tasks: Mapping[str, Stay | None]
    sent: int | None = None
    text: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sent = [] if self.sent is None else [f"sent:{self.sent}"]
        tasks = [f"{name}:{_written(stay)}" for name, stay in self.tasks.items()]
        text = ",".join([f"slot:{self.slot_seconds:.10g}", *sent, *tasks])
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def read(cls, text: object) -> Self:
        """The prediction of a text, whose `text` is the same. Raises PredictionError."""
        if not isinstance(text, str) or len(text) > LONGEST:
            raise PredictionError("A prediction is a text of at most 1000 characters")
        first, *rest = text.split(",")
        if not (slot := _SLOT.fullmatch(first)) or not 0 < float(slot[1]) <= 600:
            raise PredictionError("A prediction begins with the length of a slot, such as slot:0.5")
        sent = _SENT.fullmatch(rest[0]) if rest else None
        tasks: dict[str, Stay | None] = {}
        for part in rest[1:] if sent else rest:
            found = _TASK.fullmatch(part)
            if not found or found[1] in tasks or len(tasks) == MOST_TASKS:
                raise PredictionError(f"{part[:40]!r} says of no task where and when it runs")
            tasks[found[1]] = _stay(found[2], found[3], found[4]) if found[2] else None
        if not tasks or (sent and int(sent[1]) > MOST_SLOTS):
            raise PredictionError("A prediction says something of at least one task")
        return cls(float(slot[1]), tasks, int(sent[1]) if sent else None)

    @property
    def end_ms(self) -> float:
        """The last predicted instant, in ms."""
        ends = [stay.end for stay in self.tasks.values() if stay]
        return self.ms(max([*ends, self.sent or 0]))

    def ms(self, slot: int) -> float:
        return slot * self.slot_seconds * 1000

    def time(self, slot: int) -> str:
        return f"{slot * self.slot_seconds:.10g} s"

    def says(self, task: str) -> str:
        """The prediction of a task in words: "on the event loop, from 0 s to 2 s"."""
        stay = self.tasks[task]
        if stay is None:
            return "never"
        return f"{WHERE[stay.lane]}, from {self.time(stay.start)} to {self.time(stay.end)}"


def _written(stay: Stay | None) -> str:
    return f"{stay.lane.replace(' ', '-')}:{stay.start}:{stay.end}" if stay else "never"


def _stay(lane: str, start: str, end: str) -> Stay:
    known = {lane.replace(" ", "-"): lane for lane in LANES}
    if lane not in known or not int(start) < int(end) <= MOST_SLOTS:
        raise PredictionError(f"{lane}:{start}:{end} is no place on a grid")
    return Stay(known[lane], int(start), int(end))
