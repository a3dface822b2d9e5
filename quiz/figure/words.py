"""Times, places and events of a timeline in words. One function writes every duration."""

from collections.abc import Mapping
from typing import Any

from quiz.timeline import CLIENT, MEMORY, UNRECORDED, Event, Process, Span

WHERE = {
    "client": "in the client",
    "event loop": "on the event loop",
    "thread pool": "in a thread of the pool",
    "thread": "in its own thread",
    "main thread": "in the main thread",
    "memory": "in memory",
}
ENDED = {"failed": "failed", "timed_out": "timed out", "cancelled": "cancelled"}
STATES = {
    "running": "holds its thread",
    "suspended": "waits, its thread is free",
    "queued": "queued: waits for its turn",
    "alive": "is in memory",
}
_HAPPENED = {
    "scheduled": "{name} was scheduled {at}.",
    "enqueued": "{name} was queued {at}.",
    "suspended": "{name} began to wait {at}; its thread is free.",
    "resumed": "{name} went on {at} {where}.",
    "succeeded": "{name} ended {at}.",
    "failed": "{name} failed {at}{error}",
    "retried": "{name} was tried again {at}.",
    "timed_out": "{name} ran out of time {at}.",
    "cancelled": "{name} was cancelled {at}.",
    "redelivered": "{name} was delivered again {at}.",
    "lost": "{name} was lost {at}.",
    "started": "{name} started {at} {where}.",
    "killed": "The {name} process {how} {at}.",
    "exited": "The {name} process {how} {at}.",
}
_OF_THE_CLIENT = {
    "started": "The client sent {name} {at}.",
    "succeeded": "The client had its {status} for {name} {at}.",
    "failed": "The client got no answer to {name} {at}{error}",
}
_OF_AN_OBJECT = {
    "started": "{name} was made {at}.",
    "succeeded": "{name} was freed {at}.",
}
_OF_A_REQUEST = {
    "received": "The server received {name} {at}.",
    "succeeded": "The server was done with {name} {at}.",
    "failed": "An error left the app at {name} {at}{error}",
    "cancelled": "The server gave {name} up {at}.",
}


def duration(ms: float, *, exact: bool = False) -> str:
    """ "0.8 ms", "6 ms", "2.00 s"; exact: "6.1 ms", "2.003 s"."""
    sign, ms = ("-" if ms < 0 else ""), abs(ms)
    if 0 < ms < 0.095:
        return f"{sign}{ms:.2f} ms"
    if ms < 0.95 or (exact and ms < 99.95):
        return f"{sign}{ms:.1f} ms" if ms else "0 ms"
    if ms < 999.5:
        return f"{sign}{ms:.0f} ms"
    return f"{sign}{ms / 1000:.3f} s" if exact else f"{sign}{ms / 1000:.2f} s"


def measure(value: float, unit: str) -> str:
    """A value of a curve: "312 ms", "41.5 MB"."""
    if unit == "ms":
        return duration(value)
    number = f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.1f}"
    return f"{number} {unit}".strip()


def instant(ms: float) -> str:
    """An instant for the middle of a sentence."""
    if ms == 0:
        return "at 0 ms"
    if ms < 0:
        return f"{duration(-ms, exact=True)} before zero"
    return f"after {duration(ms, exact=True)}"


def where(lane: str) -> str:
    return WHERE.get(lane, f"in {lane}")


def names_process(lane: str) -> bool:
    """Whether a lane's name ends with its process id, as a worker's does."""
    return lane.rpartition(" ")[2].isdigit()


def short_error(error: str | None) -> str:
    """ "ValueError" of "ValueError: no such order"."""
    return (error or "").partition(":")[0].strip()


def listed(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 <= number % 100 <= 20 else suffix}"


def ending(span: Span, live: bool) -> str:
    """How a span ended; "" if it returned."""
    if span.end_ms is None:
        if span.ended_by == UNRECORDED:
            return "end not recorded"
        if span.start_ms < 0 and not span.background:
            return ""  # such as a lifespan: it lasts as long as its server
        if span.is_cut:
            return "did not end"
        does = "waiting" if span.lane == CLIENT else "running"
        return f"still {does}" if live else f"still {does} at the end"
    if span.lane == CLIENT and span.ended_by == "failed":
        return "closed by hand" if span.by_hand else "no answer"
    return ENDED.get(span.ended_by or "", "")


def outcome(span: Span, live: bool) -> str:
    """The end of a span with its error: "failed: ValueError"."""
    word, error = ending(span, live), short_error(span.error)
    return f"{word}: {error}" if word and error else word


def how_ended(event: Event) -> str:
    """The end of a program. A server that shuts down ends with the signal that asked it to."""
    number = event.detail.get("signal", "SIGKILL")
    if event.by_hand:
        return "was stopped by hand" if event.event == "exited" else "was killed by hand"
    if event.event == "exited":
        return "exited"
    return "was killed" if number == "SIGKILL" else f"ended on {number}"


def end_of(process: Process) -> str:
    """ "killed", "exited", "killed by hand" or "stopped by hand"; "" while it lives."""
    if not process.by_hand:
        return process.ended_by or ""
    return "stopped by hand" if process.ended_by == "exited" else "killed by hand"


def sentence_of(event: Event) -> str:
    """An event as a sentence."""
    text = _pattern(event)
    error = event.detail.get("error")
    return text.format(
        name=event.name,
        at=instant(event.at_ms),
        where=where(event.lane),
        how=how_ended(event),
        status=event.detail.get("status", "answer"),
        error=f": {error.rstrip('.')}." if error else ".",
    )


def _pattern(event: Event) -> str:
    detail: Mapping[str, Any] = event.detail
    if event.event == "responded":
        part = "began its answer to" if detail.get("more") else "sent its answer to"
        return f"The server {part} {{name}} ({{status}}) {{at}}."
    if "program" in detail:
        return "The {name} process started {at}."
    if event.lane == CLIENT and event.event in _OF_THE_CLIENT:
        return _OF_THE_CLIENT[event.event]
    if event.lane == MEMORY and event.event in _OF_AN_OBJECT:
        return _OF_AN_OBJECT[event.event]
    if "request" in detail and event.event in _OF_A_REQUEST:
        return _OF_A_REQUEST[event.event]
    return _HAPPENED.get(event.event, f"{{name}} {event.event.replace('_', ' ')} {{at}} {{where}}.")
