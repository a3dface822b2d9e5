"""Computes spans, processes and responses from events."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from quiz.timeline.model import (
    CLIENT,
    ENDS,
    MEMORY,
    UNRECORDED,
    Event,
    Part,
    Process,
    Response,
    Span,
    State,
)

# A switch to a free thread takes some tenths of a millisecond, to a new thread a few. A longer time
# is a wait.
QUEUED_FROM_MS = 5.0


class _Growing:
    """A span whose events are being read."""

    def __init__(self, event: Event, queued: Event | None, attempt: int, *, beside: bool) -> None:
        self.first = event
        self.origin = queued
        self.attempt = attempt
        self.beside = beside
        self.parts: list[Part] = []
        self.end_ms: float | None = None
        self.error: str | None = None
        self.ended_by: str | None = None
        self.by_hand = False
        # A job does not wait while another worker runs it, or before it is due.
        if queued is not None and not beside:
            since = queued.at_ms + queued.detail.get("delay_ms", 0.0)
            if event.at_ms - since >= QUEUED_FROM_MS:
                waiting = Part("queued", since, event.at_ms, event.lane, event.thread)
                self.parts.append(waiting)
        begun: State = "alive" if event.lane == MEMORY else "running"
        self._open: tuple[State, Event] | None = (begun, event)

    @property
    def queue(self) -> str:
        """The id under which a job, or a call for a thread, waited; "" for other calls."""
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
                self.error, self.by_hand = event.detail.get("error"), event.by_hand

    def cut(self, event: Event) -> bool:
        """Stops the span because its process died. Returns False if the call had ended before."""
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
            origin=self.origin,
            by_hand=self.by_hand,
            beside=self.beside,
        )


def spans_of(events: Sequence[Event]) -> tuple[Span, ...]:
    growing: dict[str, _Growing] = {}
    # By job: the event since which it waits, and the number of its starts.
    queued: dict[str, Event] = {}
    attempts: Counter[str] = Counter()
    handed_over: set[str] = set()
    going: Counter[str] = Counter()
    for event in events:
        if event.event == "enqueued" and "queue" in event.detail:
            job = event.detail["queue"]
            # On a busy machine, this event may come after a worker has started the job.
            if job not in attempts or job in handed_over:
                queued[job] = event
            handed_over.add(job)
        elif event.event in ("killed", "exited"):
            for one in growing.values():
                if one.first.process == event.process and one.cut(event) and one.queue:
                    queued[one.queue] = event
                    going[one.queue] -= 1
        elif call := event.detail.get("call"):
            if event.event == "started":
                job = event.detail.get("queue") or call
                attempts[job] += 1
                beside = going[job] > 0
                growing[call] = _Growing(event, queued.get(job), attempts[job], beside=beside)
                going[job] += 1
            elif span := growing.get(call):
                span.read(event)
                if event.event in ENDS and span.queue:
                    queued[span.queue] = event
                    going[span.queue] -= 1
    return tuple(sorted((g.span() for g in growing.values()), key=lambda s: s.start_ms))


def unrecorded(span: Span) -> Span:
    """The span of a truncated run: an open span may have ended after the last kept event."""
    if span.end_ms is not None or span.is_cut:
        return span
    return replace(span, ended_by=UNRECORDED)


def responses_of(events: Sequence[Event]) -> tuple[Response, ...]:
    """The response to each of the client's requests, sorted by request.

    The connection's local port and the request's number on it identify a request on both sides, so
    that the client sends no special header.
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
        failed=end is not None and done is None,
    )


def processes_of(events: Sequence[Event]) -> tuple[Process, ...]:
    """The programs of the run, sorted by start."""
    found: dict[int, Process] = {}
    for event in events:
        if event.event == "started" and "program" in event.detail:
            app = str(event.detail.get("app", ""))
            found[event.process] = Process(
                event.name, event.lane, event.process, event.at_ms, app=app
            )
        elif event.event in ("killed", "exited") and event.process in found:
            known = found[event.process]
            found[event.process] = replace(
                known, end_ms=event.at_ms, ended_by=event.event, by_hand=event.by_hand
            )
        elif event.event == "failed" and "call" not in event.detail and event.process in found:
            error = event.detail.get("error")
            found[event.process] = replace(found[event.process], error=error)
    return tuple(found.values())
