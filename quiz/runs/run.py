"""One execution of a demo's variant: the request, everything observed so far, and its end.

No I/O. `apply` folds the messages of the run's supervisor; `serialization` turns a run into JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from quiz.timeline import Curve, Event, RunEnd, Timeline

Status = Literal["queued", "running", "finished", "failed", "timed_out", "cancelled"]
ENDED = frozenset({"finished", "failed", "timed_out", "cancelled"})
# One point per 20 ms during the longest run.
MOST_SAMPLES = 3000
# The supervisor measures a sleep of known length. If it is later than this, the machine was too
# busy, and the run decides nothing.
DISTURBED_FROM_MS = 15.0


@dataclass
class Run:
    """`seconds` is the duration that the variant declares.

    `extra` maps the demo's own facts to value, title and unit; `curves` maps its curves to title
    and unit. `samples` are the points of the curves: name, time on the machine's monotonic clock
    (ns), value. `pages` maps the title of a program's page to its loopback port during the run.
    `breaks` are the faults that a learner may inject, `broken` the injected ones in their order.
    `learner` is the hash of the learner who started the run. `slot` separates runs that one learner
    may have at the same time. A run with a slot and no learner belongs to the classroom.
    `address` is the address of a caller without a cookie; it is never stored.
    `fault` names the cause of a run that did not finish: "demo", "limit" or "app".
    `zero_ns` is the zero of the timeline and `ended_ns` the end of the scenario, or the time at
    which the run was stopped; both are on the machine's monotonic clock.
    `place` and `turn` are the position in the queue, from 1, and the expected start.
    `revision` grows with every change.
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
    spared: str = ""  # the last fault that could not be injected, because its target was gone
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
    zero_ns: int | None = None
    ended_ns: int | None = None
    reached_limit: bool = False  # the limit of events: later events are not kept
    started: datetime | None = None
    ended: datetime | None = None
    place: int | None = None
    turn: datetime | None = None
    revision: int = 0
    _timeline: tuple[int, Timeline] | None = field(default=None, repr=False)
    _early: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def is_over(self) -> bool:
        return self.status in ENDED

    def may_be_stopped_by(self, learner: str) -> bool:
        """Whether this learner may cancel or break the run.

        Anyone may, if the run has neither a learner nor a slot.
        """
        if self.learner is None:
            return not self.slot
        return self.learner == learner

    @property
    def wait_seconds(self) -> float | None:
        """The expected wait in the queue from now; None if the run is not queued."""
        if self.turn is None:
            return None
        return max(0.0, (self.turn - datetime.now(UTC)).total_seconds())

    @property
    def disturbed(self) -> bool:
        """The machine was too busy: the times of this run may be wrong."""
        return self.timing_error_ms is not None and self.timing_error_ms > DISTURBED_FROM_MS

    @property
    def truncated(self) -> bool:
        """The run had more events than are kept."""
        return self.reached_limit or self.events_seen > len(self.events) > 0

    @property
    def doubt(self) -> str:
        """Why the facts of this run are not reliable, in one sentence; "" if they are."""
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
        """Whether the run finished without injected faults and its facts are reliable."""
        return self.status == "finished" and not self.broken and not self.doubt

    @property
    def timeline(self) -> Timeline:
        """The timeline of the events so far, built once per revision."""
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

    def apply(self, message: Mapping[str, Any]) -> None:
        """Fold in one message of the run's supervisor. `stage/wire.py` lists the messages."""
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
        """The curves that have points. Empty until the zero is known."""
        zero = self.zero_ns
        if zero is None:
            return []
        points = {
            name: [((t - zero) / 1e6, v) for n, t, v in self.samples if n == name]
            for name in self.curves
        }
        return [
            Curve(name, curve["title"], curve["unit"], tuple(sorted(points[name])))
            for name, curve in self.curves.items()
            if points[name]
        ]

    def _event(self, record: dict[str, Any]) -> None:
        """Add an event in milliseconds since zero. Until the zero is known, events wait."""
        if self.zero_ns is None:
            self._early.append(record)
            return
        at_ms = (record["t"] - self.zero_ns) / 1e6
        details = {name: value for name, value in record.items() if name != "t"}
        self.events.append(Event(id=len(self.events) + 1, at_ms=at_ms, **details))

    def _zero(self, t: int) -> None:
        self.zero_ns = t
        early, self._early = self._early, []
        for record in early:
            self._event(record)

    def _end(self, ended: Mapping[str, Any]) -> None:
        if self._early:
            # The run ended before its first request, so its first event becomes the zero.
            self._zero(self._early[0]["t"])
        self.status = ended["status"]
        self.ended_ns = ended.get("t")
        self.fault, self.reason = ended.get("fault"), ended.get("reason")
        self.timing_error_ms = ended.get("timing_error_ms")
        self.events_seen = ended.get("events", len(self.events))
        self.output_bytes = ended.get("output_bytes", len(self.output))
        self.ended = datetime.now(UTC)
