"""What happened in a run: events become spans, responses and facts.

Pure: no clock, no I/O. The same code serves a live run, a stored one and the proof of a key. It
knows nothing of processes, pages or questions; times are milliseconds since the scenario's zero,
negative before it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
ENDS = frozenset({"succeeded", "failed", "timed_out", "cancelled"})
CLIENT, LOOP = "client", "event loop"
# A hop to a free thread takes some tenths of a millisecond, to a new one up to a few; only longer
# is it waiting.
QUEUED_FROM_MS = 5.0

State = Literal["running", "suspended", "queued"]


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


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a span.

    It holds its thread, waits with its thread free, or waits for its turn.
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

    @property
    def is_call(self) -> bool:
        return self.lane != CLIENT

    def milliseconds(self, state: State) -> float:
        """How long it was in that state; an open part counts for nothing."""
        ended = (p for p in self.parts if p.state == state and p.end_ms is not None)
        return float(sum((p.end_ms or 0.0) - p.start_ms for p in ended))


@dataclass(frozen=True, slots=True)
class Response:
    """What became of a request: `sent_ms`, the server's last `send` returned.

    `received_ms`, the client had it all.
    """

    name: str
    request_ms: float
    status: int | None
    sent_ms: float | None
    received_ms: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """What a scenario measured again and again; `points` are (milliseconds, value), in order."""

    name: str
    title: str
    unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Timeline:
    """All of a run. `end_ms` is the last instant known."""

    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    responses: tuple[Response, ...]
    facts: Mapping[str, Any]
    end_ms: float
    curves: tuple[Curve, ...] = ()

    @classmethod
    def build(
        cls,
        events: Iterable[Event],
        *,
        functions: Iterable[str] = (),
        parameters: Mapping[str, float] | None = None,
        environment: str = "",
        extra: Mapping[str, Any] | None = None,
        curves: Iterable[Curve] = (),
    ) -> "Timeline":
        """Put the events in order and say what they amount to.

        `functions` are all of the variant's files.
        """
        ordered = tuple(sorted(events, key=lambda e: (e.at_ms, e.id)))
        spans = _spans(ordered)
        responses = _responses(ordered)
        facts = _facts(ordered, spans, responses, tuple(functions))
        facts["parameters"] = dict(parameters or {})
        facts["environment"] = environment
        facts["extra"] = dict(extra or {})
        end = max((event.at_ms for event in ordered), default=0.0)
        return cls(ordered, spans, responses, facts, max(end, 0.0), tuple(curves))


class _Growing:
    """A span while its events are read."""

    def __init__(self, event: Event, queued: Event | None, attempt: int) -> None:
        self.first = event
        self.attempt = attempt
        self.parts: list[Part] = []
        self.end_ms: float | None = None
        self.error: str | None = None
        self.ended_by: str | None = None
        if queued is not None and event.at_ms - queued.at_ms >= QUEUED_FROM_MS:
            waiting = Part("queued", queued.at_ms, event.at_ms, event.lane, event.thread)
            self.parts.append(waiting)
        self._open: tuple[State, Event] | None = ("running", event)

    @property
    def queue(self) -> str:
        """Of a job, and of what a thread was asked for: the ticket under which it waited."""
        return str(self.first.detail.get("queue", ""))

    def read(self, event: Event) -> None:
        match event.event:
            case "suspended":
                self._turn("suspended", event)
            case "resumed":
                self._turn("running", event)
            case end if end in ENDS:
                self._turn(None, event)
                self.end_ms, self.ended_by = event.at_ms, end
                self.error = event.detail.get("error")

    def cut(self, event: Event) -> bool:
        """Its process died: what it was doing stops, but it has not ended. False if it had."""
        if not self._open:
            return False
        self._turn(None, event)
        return True

    def _turn(self, state: State | None, event: Event) -> None:
        if self._open:
            old, since = self._open
            self.parts.append(Part(old, since.at_ms, event.at_ms, since.lane, since.thread))
        self._open = (state, event) if state else None

    def span(self) -> Span:
        first, detail = self.first, self.first.detail
        parts = list(self.parts)
        if self._open:
            state, since = self._open
            parts.append(Part(state, since.at_ms, None, since.lane, since.thread))
        return Span(
            name=first.name,
            lane=first.lane,
            process=first.process,
            thread=first.thread,
            start_ms=first.at_ms,
            end_ms=self.end_ms,
            attempt=self.attempt,
            error=self.error,
            background=bool(detail.get("background")),
            parts=tuple(parts),
            call=str(detail["call"]),
            file=detail.get("file"),
            line=detail.get("line"),
            ended_by=self.ended_by,
        )


def _spans(events: Sequence[Event]) -> tuple[Span, ...]:
    growing: dict[str, _Growing] = {}
    # By job: since when it waits, which is since its last attempt's end, and how often it started.
    queued: dict[str, Event] = {}
    attempts: Counter[str] = Counter()
    for event in events:
        if event.event == "enqueued" and "queue" in event.detail:
            queued[event.detail["queue"]] = event
        elif event.event in ("killed", "exited"):
            for one in growing.values():
                if one.first.process == event.process and one.cut(event) and one.queue:
                    queued[one.queue] = event
        elif call := event.detail.get("call"):
            if event.event == "started":
                job = event.detail.get("queue") or call
                attempts[job] += 1
                growing[call] = _Growing(event, queued.get(job), attempts[job])
            elif span := growing.get(call):
                span.read(event)
                if event.event in ENDS and span.queue:
                    queued[span.queue] = event
    return tuple(sorted((g.span() for g in growing.values()), key=lambda s: s.start_ms))


def _responses(events: Sequence[Event]) -> tuple[Response, ...]:
    """The client's requests in order, each with what the server says of it.

    A connection's local port and the request's number on it tie the two sides together, so that the
    client need not send a header that nobody would write.
    """
    received: dict[tuple[int, int], str] = {}
    answers: dict[str, list[Event]] = {}
    asked: list[Event] = []
    ends: dict[str, Event] = {}
    for event in events:
        detail = event.detail
        if event.event == "received":
            received[detail["port"], detail["nth"]] = detail["request"]
        elif event.event == "responded":
            answers.setdefault(detail["request"], []).append(event)
        elif event.lane == CLIENT and event.event == "started":
            asked.append(event)
        elif event.lane == CLIENT and event.event in ENDS:
            ends[detail["call"]] = event

    def answer(ask: Event) -> list[Event]:
        request = received.get((ask.detail.get("port", 0), ask.detail.get("nth", 0)), "")
        return answers.get(request, [])

    return tuple(_response(ask, answer(ask), ends.get(ask.detail["call"])) for ask in asked)


def _response(ask: Event, answer: Sequence[Event], end: Event | None) -> Response:
    done = end if end is not None and end.event == "succeeded" else None
    status = done.detail.get("status") if done else None
    if status is None and answer:
        status = answer[0].detail.get("status")
    return Response(
        name=ask.name,
        request_ms=ask.at_ms,
        status=status,
        sent_ms=next((e.at_ms for e in answer if not e.detail.get("more")), None),
        received_ms=done.at_ms if done else None,
    )


def _present(**values: Any) -> dict[str, Any]:
    """What did not happen is absent from the facts."""
    return {name: value for name, value in values.items() if value is not None}


def _call_facts(span: Span) -> dict[str, Any]:
    return _present(
        name=span.name,
        started_ms=span.start_ms,
        ended_ms=span.end_ms,
        took_ms=None if span.end_ms is None else span.end_ms - span.start_ms,
        running_ms=span.milliseconds("running"),
        suspended_ms=span.milliseconds("suspended"),
        lane=span.lane,
        process=span.process,
        thread=span.thread,
        error=span.error,
        attempt=span.attempt,
        background=span.background,
    )


def _facts(
    events: Sequence[Event],
    spans: Sequence[Span],
    responses: Sequence[Response],
    functions: Sequence[str],
) -> dict[str, Any]:
    calls = [span for span in spans if span.is_call]
    ended = sorted((s for s in calls if s.end_ms is not None), key=lambda s: s.end_ms or 0.0)
    answers = [
        _present(name=r.name, status=r.status, sent_ms=r.sent_ms, received_ms=r.received_ms)
        for r in responses
    ]
    first: dict[str, dict[str, Any]] = {}
    for span in calls:
        first.setdefault(span.name, _call_facts(span))
    names = dict.fromkeys([*functions, *(span.name for span in calls)])
    facts: dict[str, Any] = {
        "responses": answers,
        "calls": [_call_facts(span) for span in calls],
        "call": first,
        "order": [span.name for span in calls],
        "finished": [span.name for span in ended],
        "count": {name: sum(span.name == name for span in calls) for name in names},
        "lost": _lost(events),
        "loop_blocked_ms": max((end - start for start, end in holding(calls)), default=0.0),
        "processes": len({span.process for span in calls}),
        "errors": [e.detail["error"] for e in events if e.detail.get("raised")],
    }
    if answers:
        facts["response"] = answers[0]
    background = [span for span in calls if span.background]
    if done := [span.end_ms for span in background if span.end_ms is not None]:
        facts["background_ms"] = max(done) - min(span.start_ms for span in background)
    return facts


def _lost(events: Sequence[Event]) -> list[str]:
    promised = dict.fromkeys(e.name for e in events if e.event in ("scheduled", "enqueued"))
    kept = {e.name for e in events if e.event == "succeeded"}
    return [name for name in promised if name not in kept]


def holding(calls: Iterable[Span]) -> list[tuple[float, float]]:
    """The stretches in which calls on an event loop hold it, in order of their start."""
    stretches: list[tuple[float, float]] = []
    spans = list(calls)
    for process in {span.process for span in spans}:
        parts = sorted(
            (part.start_ms, part.end_ms)
            for span in spans
            if span.process == process
            for part in span.parts
            if part.state == "running" and part.lane == LOOP and part.end_ms is not None
        )
        stretches += _merged(parts)
    return sorted(stretches)


def _merged(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in parts:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
