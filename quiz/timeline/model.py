"""The parts of a timeline as data: events, spans, processes, responses and curves."""

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
# The end of a call in a truncated run: the call may have ended or not.
UNRECORDED = "unrecorded"
ENDS = frozenset({"succeeded", "failed", "timed_out", "cancelled"})
# The lanes of the client, of a web server's event loop, and of objects in memory.
CLIENT, LOOP, MEMORY = "client", "event loop", "memory"

State = Literal["running", "suspended", "queued", "alive"]


@dataclass(frozen=True, slots=True)
class Event:
    """An instant of a run.

    Events of one call have the same `detail["call"]`, and events of one request the same
    `detail["request"]`.
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
        """Whether the learner caused the event during the run."""
        return self.detail.get("by") == "learner"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a span in one state.

    "running" occupies a thread; "suspended" waits without one; "queued" waits for a worker or a
    thread; "alive" is an object in memory.
    """

    state: State
    start_ms: float
    end_ms: float | None
    lane: str
    thread: str


@dataclass(frozen=True, slots=True)
class Span:
    """A call of a demo's function, or a request of the client.

    Lane, process and thread are those of the start. A part in the state "queued" is before
    `start_ms`. `end_ms` is None if the call never ended. `origin` is the event since which a job
    waited: it was enqueued, or its last attempt ended or was cut off.
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
    by_hand: bool = False  # the learner ended it
    beside: bool = False  # an earlier attempt of the same job was still running

    @property
    def is_call(self) -> bool:
        return self.lane != CLIENT

    @property
    def is_cut(self) -> bool:
        """Whether the process died during the call."""
        return self.end_ms is None and bool(self.parts) and self.parts[-1].end_ms is not None

    @property
    def is_redelivered(self) -> bool:
        """Whether the process of the last attempt died, and a broker delivered the job again."""
        return self.origin is not None and self.origin.event in ("killed", "exited")

    @property
    def is_repeated(self) -> bool:
        """Whether an earlier attempt was cut off, runs or succeeded: work may be done twice."""
        again = ("killed", "exited", "succeeded")
        return self.beside or (self.origin is not None and self.origin.event in again)

    def milliseconds(self, state: State) -> float:
        """Time in a state. A part without an end is not counted."""
        ended = (p for p in self.parts if p.state == state and p.end_ms is not None)
        return float(sum((p.end_ms or 0.0) - p.start_ms for p in ended))


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a request.

    `sent_ms` is when the server's last `send` returned, `received_ms` when the client had received
    everything. `failed`: the client got an error instead.
    """

    name: str
    request_ms: float
    status: int | None
    sent_ms: float | None
    received_ms: float | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A time in which the demo's calls blocked a process's event loop without a pause."""

    start_ms: float
    end_ms: float
    process: int

    @property
    def ms(self) -> float:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The end of a run.

    `at_ms` is when the scenario returned, or when the run was `stopped`. `timing_error_ms` is the
    largest delay of a wait of known length. `events` counts all events, kept or not.
    """

    at_ms: float
    stopped: bool = False
    timing_error_ms: float = 0.0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """Values that a scenario measured repeatedly: (milliseconds, value), sorted by time."""

    name: str
    title: str
    unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Process:
    """A program of the run: a web server, a broker or a worker.

    `end_ms` is None if it was still running at the end of the run.
    """

    name: str
    lane: str
    pid: int
    start_ms: float
    end_ms: float | None = None
    ended_by: str | None = None  # killed or exited
    by_hand: bool = False  # the learner ended it
    app: str = ""  # the module of a web server
    error: str | None = None  # the exception that ended it
