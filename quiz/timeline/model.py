"""The parts of a timeline: instants, stretches, calls, processes, answers, curves. Only data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EVENTS = (
    "received",
    "responded",
    "scheduled",
    "enqueued",
    "started",
    "suspended",
    "resumed",
    "succeeded",
    "failed",
    "retried",
    "timed_out",
    "cancelled",
    "redelivered",
    "lost",
    "killed",
    "exited",
)
# How a call or a request ended of which the record was cut off: it may have ended or not.
UNRECORDED = "unrecorded"
ENDS = frozenset({"succeeded", "failed", "timed_out", "cancelled"})
# Of the client, of a web server's loop, and of objects, whose spans are their lives.
CLIENT, LOOP, MEMORY = "client", "event loop", "memory"

State = Literal["running", "suspended", "queued", "alive"]


@dataclass(frozen=True, slots=True)
class Event:
    """An instant.

    `detail["call"]` ties the events of one call together, `detail["request"]` those of a request.
    """

    id: int
    at_ms: float
    name: str
    event: str
    lane: str
    process: int
    thread: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_hand(self) -> bool:
        """It was the learner who did it, while the run went on."""
        return self.detail.get("by") == "learner"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a span.

    It holds its thread, waits with its thread free, waits for its turn, or is there in memory.
    """

    state: State
    start_ms: float
    end_ms: float | None
    lane: str
    thread: str


@dataclass(frozen=True, slots=True)
class Span:
    """A call of a demo's function, or a request of the client.

    Lane, process and thread are those of its start.
    A part in the state `queued` lies before `start_ms`. `end_ms` is None where it never ended.
    `origin` is since when a job waited: it was enqueued, or its last attempt ended or was cut off.
    """

    name: str
    lane: str
    process: int
    thread: str
    start_ms: float
    end_ms: float | None
    attempt: int
    error: str | None
    background: bool
    parts: tuple[Part, ...]
    call: str
    file: str | None
    line: int | None
    ended_by: str | None
    origin: Event | None = None
    by_hand: bool = False  # it was the learner who ended it
    beside: bool = False  # an earlier attempt of the same job still went on when it began

    @property
    def is_call(self) -> bool:
        return self.lane != CLIENT

    @property
    def is_cut(self) -> bool:
        """Its process died before it ended."""
        return self.end_ms is None and bool(self.parts) and self.parts[-1].end_ms is not None

    @property
    def is_redelivered(self) -> bool:
        """The process of its last attempt died, and somebody handed it out again."""
        return self.origin is not None and self.origin.event in ("killed", "exited")

    @property
    def is_repeated(self) -> bool:
        """A further attempt of what was cut off, goes on or had succeeded: it may be done twice."""
        again = ("killed", "exited", "succeeded")
        return self.beside or (self.origin is not None and self.origin.event in again)

    def milliseconds(self, state: State) -> float:
        """How long it was in that state; an open part counts for nothing."""
        ended = (p for p in self.parts if p.state == state and p.end_ms is not None)
        return float(sum((p.end_ms or 0.0) - p.start_ms for p in ended))


@dataclass(frozen=True, slots=True)
class Response:
    """What became of a request: `sent_ms`, the server's last `send` returned.

    `received_ms`, the client had it all. `failed`: the client got an error instead.
    """

    name: str
    request_ms: float
    status: int | None
    sent_ms: float | None
    received_ms: float | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch in which calls of the demo held a process's event loop without a pause."""

    start_ms: float
    end_ms: float
    process: int

    @property
    def ms(self) -> float:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What is known of a run when it is over.

    `at_ms` is when its scenario returned, or when it was `stopped` before that. `timing_error_ms`
    is how late a wait of known length was at most. `events` is how many there were, kept or not.
    """

    at_ms: float
    stopped: bool = False
    timing_error_ms: float = 0.0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """What a scenario measured again and again; `points` are (milliseconds, value), in order."""

    name: str
    title: str
    unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Process:
    """A program of the run: a web server, a broker, a worker.

    `end_ms` is None where it was still there at the run's end.
    """

    name: str
    lane: str
    pid: int
    start_ms: float
    end_ms: float | None = None
    ended_by: str | None = None  # killed or exited
    by_hand: bool = False  # it was the learner who ended it
    app: str = ""  # the module that a web server serves
    error: str | None = None  # what it died of, where it raised that itself
