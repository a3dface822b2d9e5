"""A run as Chrome trace events in JSON, which Perfetto opens.

A thread's track shows the calls that occupied it. Waiting calls have their own tracks, because
slices of one track must be nested.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from quiz.timeline import Event, Part, Span, Timeline

Entry = dict[str, Any]
STATES = {
    "running": "holds its thread",
    "suspended": "waits, its thread is free",
    "queued": "waits for its turn",
    "alive": "is in memory",
}


def trace_json(timeline: Timeline, about: Mapping[str, Any]) -> dict[str, Any]:
    """The trace. `about` is metadata of the run; the first event is at time 0."""
    tracks = _Tracks({process.pid: process.name for process in timeline.processes})
    zero = min(_starts(timeline), default=0.0)
    entries = [entry for span in timeline.spans for entry in _span(span, timeline, tracks)]
    entries += [_instant(event, tracks) for event in timeline.events]
    for entry in entries:
        entry["ts"] = round((entry["ts"] - zero) * 1000, 3)
    return {
        "traceEvents": [*tracks.names(), *entries],
        "displayTimeUnit": "ms",
        "otherData": dict(about) | {"zero_ms": round(-zero, 6)},
    }


class _Tracks:
    """The numbers that the format requires for threads, and their names."""

    def __init__(self, programs: Mapping[int, str]) -> None:
        self._programs = programs
        self._numbers: dict[tuple[int, str], int] = {}
        self._lanes: dict[int, str] = {}

    def number(self, process: int, lane: str, thread: str) -> int:
        self._lanes.setdefault(process, lane)
        name = lane if lane == thread else f"{lane}: {thread}"
        return self._numbers.setdefault((process, name), len(self._numbers) + 1)

    def names(self) -> Iterator[Entry]:
        for process, lane in self._lanes.items():
            # A child process, such as a worker's, is named by its lane.
            name = self._programs.get(process, lane.removesuffix(f" {process}"))
            yield _name("process_name", process, 0, f"{name} ({process})")
        for (process, name), number in self._numbers.items():
            yield _name("thread_name", process, number, name)
            order = {"sort_index": number}
            yield _name("thread_sort_index", process, number, "") | {"args": order}


def _name(kind: str, process: int, thread: int, name: str) -> Entry:
    return {"ph": "M", "name": kind, "pid": process, "tid": thread, "ts": 0, "args": {"name": name}}


def _starts(timeline: Timeline) -> Iterator[float]:
    for event in timeline.events:
        yield event.at_ms
    for span in timeline.spans:
        yield span.start_ms
        for part in span.parts:
            yield part.start_ms


def _span(span: Span, timeline: Timeline, tracks: _Tracks) -> Iterator[Entry]:
    for part in span.parts:
        thread = part.thread if part.state == "running" else f"{span.name} {span.call}"
        lane = part.lane if part.state in ("running", "alive") else "waiting"
        end_ms = timeline.end_ms if part.end_ms is None else part.end_ms
        yield {
            "ph": "X",
            "name": span.name,
            "cat": part.state,
            "pid": span.process,
            "tid": tracks.number(span.process, lane, thread),
            "ts": part.start_ms,
            "dur": round(max(0.0, end_ms - part.start_ms) * 1000, 3),
            "args": _arguments(span, part),
        }


def _arguments(span: Span, part: Part) -> dict[str, Any]:
    return {
        "state": STATES[part.state],
        "lane": part.lane,
        "thread": part.thread,
        "attempt": span.attempt,
        "background": span.background,
        "error": span.error,
        "ended": span.end_ms is not None,
    }


def _instant(event: Event, tracks: _Tracks) -> Entry:
    return {
        "ph": "i",
        "s": "t",
        "name": f"{event.name} {event.event}",
        "cat": "event",
        "pid": event.process,
        "tid": tracks.number(event.process, event.lane, event.thread),
        "ts": event.at_ms,
        "args": dict(event.detail),
    }
