"""One execution of a demo's variant: what was asked, what has been seen of it so far, how it ended.

No I/O. `runs` lets it hear what its owner says while it lives; `records` keeps it as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from quiz.timeline import Curve, Event, RunEnd, Timeline

Status = Literal["queued", "running", "finished", "failed", "timed_out", "cancelled"]
ENDED = frozenset({"finished", "failed", "timed_out", "cancelled"})
# A point every 20 ms for as long as a run may take.
MOST_SAMPLES = 3000
# A known sleep that is off by more makes a run "machine too busy": it decides nothing.
DISTURBED_FROM_MS = 15.0


@dataclass
class Run:
    """`seconds` is what the variant says it takes.

    `extra` maps a demo's own facts to value, title and unit, `curves` its curves to title and unit.
    `samples` are their points: name, instant on the machine's monotonic clock (ns), value.
    `pages` are those of programs of its own: title and loopback port, as long as it lasts.
    `breaks` are what a learner may break in it, `broken` what was broken, in that order.
    `learner` is the hash of who started it. `slot` tells apart the runs that one learner may have
    at the same time; a run with a slot and no learner belongs to the classroom.
    `address` is where a caller without a cookie asked from; it is never stored.
    `fault` says who is to blame for a run that did not finish: the demo, a limit, or the app.
    """

    id: str
    demo: str
    variant: str
    environment: str
    parameters: Mapping[str, float]
    seconds: float
    memory_mb: int
    created: datetime
    source: Mapping[str, str]
    functions: tuple[str, ...]
    curves: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    breaks: tuple[str, ...] = ()
    broken: list[str] = field(default_factory=list)
    spared: str = ""  # what was last to be broken and was not there
    learner: str | None = None
    slot: str = ""
    address: str = ""
    status: Status = "queued"
    versions: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    output_bytes: int = 0
    events: list[Event] = field(default_factory=list)
    events_seen: int = 0
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: list[tuple[str, int, float]] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    fault: str | None = None
    reason: str | None = None
    timing_error_ms: float | None = None
    zero_ns: int | None = None  # zero on the machine's monotonic clock
    ended_ns: int | None = None  # when its scenario returned, or when it was stopped
    reached_limit: bool = False  # of events: those that followed are not kept
    started: datetime | None = None
    ended: datetime | None = None
    place: int | None = None
    turn: datetime | None = None  # when it is expected to have its turn
    revision: int = 0
    _timeline: tuple[int, Timeline] | None = field(default=None, repr=False)
    _early: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def is_over(self) -> bool:
        return self.status in ENDED

    def may_be_stopped_by(self, learner: str) -> bool:
        """Whether this learner may cancel or break it. A run without an owner is anyone's."""
        if self.learner is None:
            return not self.slot
        return self.learner == learner

    @property
    def wait_seconds(self) -> float | None:
        """How long it still has to wait in the queue, as far as can be told."""
        if self.turn is None:
            return None
        return max(0.0, (self.turn - datetime.now(UTC)).total_seconds())

    @property
    def disturbed(self) -> bool:
        """The machine was too busy for its timing to be believed."""
        return self.timing_error_ms is not None and self.timing_error_ms > DISTURBED_FROM_MS

    @property
    def truncated(self) -> bool:
        """It had more events than are kept."""
        return self.reached_limit or self.events_seen > len(self.events) > 0

    @property
    def doubt(self) -> str:
        """Why its facts cannot be believed, in a sentence; "" where they can."""
        if self.truncated:
            kept = len(self.events) + len(self._early)
            first = f"Only the first {kept:,}"
            of = f" of {self.events_seen:,}" if self.events_seen > kept else ""
            return f"{first}{of} events were kept, so this run decides nothing."
        if self.disturbed:
            return (
                "The machine was too busy while this ran: a wait of known length was"
                f" {self.timing_error_ms:.0f} ms late. This run decides nothing."
            )
        if self.is_over and (found := self.timeline.contradictions):
            return (
                f"The record of this run contradicts itself: {found[0]} This run decides nothing."
            )
        return ""

    @property
    def decides(self) -> bool:
        """Whether it came to its end, the learner broke nothing in it, and it can be believed."""
        return self.status == "finished" and not self.broken and not self.doubt

    @property
    def timeline(self) -> Timeline:
        """Made anew only when something was added."""
        if self._timeline is None or self._timeline[0] != self.revision:
            timeline = Timeline.build(
                self.events,
                functions=self.functions,
                parameters=self.parameters,
                environment=self.environment,
                extra={name: fact["value"] for name, fact in self.extra.items()},
                curves=self._curves(),
                end=self._run_end(),
                truncated=self.truncated,
            )
            self._timeline = (self.revision, timeline)
        return self._timeline[1]

    def _run_end(self) -> RunEnd | None:
        if not self.is_over or self.zero_ns is None or self.ended_ns is None:
            return None
        return RunEnd(
            at_ms=(self.ended_ns - self.zero_ns) / 1e6,
            stopped=self.status != "finished",
            timing_error_ms=self.timing_error_ms or 0.0,
            events=self.events_seen,
        )

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take in what the run's owner says: an event, zero, output, a step, a fact, the end."""
        match message:
            case {"event": record}:
                self._event(record)
            case {"zero": t}:
                self._zero(t)
            case {"output": text}:
                self.output += text
            case {"step": text}:
                self.steps.append(text)
            case {"sample": [name, t, value]} if len(self.samples) < MOST_SAMPLES:
                self.samples.append((name, t, value))
            case {"fact": fact}:
                self.extra[fact["name"]] = {k: v for k, v in fact.items() if k != "name"}
            case {"truncated": _}:
                self.reached_limit = True
            case {"break": what}:
                self.broken.append(what)
                self.spared = ""
            case {"spared": what}:
                self.spared = what
            case {"pages": pages}:
                self.pages[pages["title"]] = pages["port"]
            case {"ended": ended}:
                self._end(ended)

    def _curves(self) -> list[Curve]:
        """Those that have points, once it is known when zero was."""
        zero = self.zero_ns
        if zero is None:
            return []
        points = {
            name: [((t - zero) / 1e6, v) for n, t, v in self.samples if n == name]
            for name in self.curves
        }
        return [
            Curve(name, told["title"], told["unit"], tuple(sorted(points[name])))
            for name, told in self.curves.items()
            if points[name]
        ]

    def _event(self, record: dict[str, Any]) -> None:
        """Instants become milliseconds since zero; what comes before zero is known waits for it."""
        if self.zero_ns is None:
            self._early.append(record)
            return
        at_ms = (record["t"] - self.zero_ns) / 1e6
        told = {name: value for name, value in record.items() if name != "t"}
        self.events.append(Event(id=len(self.events) + 1, at_ms=at_ms, **told))

    def _zero(self, t: int) -> None:
        self.zero_ns = t
        early, self._early = self._early, []
        for record in early:
            self._event(record)

    def _end(self, ended: Mapping[str, Any]) -> None:
        if self._early:
            # It never came to a request: its first event is as good a zero as any.
            self._zero(self._early[0]["t"])
        self.status = ended["status"]
        self.ended_ns = ended.get("t")
        self.fault, self.reason = ended.get("fault"), ended.get("reason")
        self.timing_error_ms = ended.get("timing_error_ms")
        self.events_seen = ended.get("events", len(self.events))
        self.output_bytes = ended.get("output_bytes", len(self.output))
        self.ended = datetime.now(UTC)
