"""A run as JSON: for callers of the API, as a stored record, and as a database row.

Pure conversion; it computes no facts.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quiz.runs.run import Run
from quiz.timeline import Event, Span

_RECORD = (
    "id",
    "demo",
    "variant",
    "environment",
    "parameters",
    "seconds",
    "memory_mb",
    "source",
    "functions",
    "status",
    "versions",
    "output",
    "output_bytes",
    "events_seen",
    "extra",
    "curves",
    "breaks",
    "broken",
    "samples",
    "steps",
    "fault",
    "reason",
    "timing_error_ms",
    "zero_ns",
    "ended_ns",
    "reached_limit",
)
_TIMES = ("created", "started", "ended")
_REQUEST = ("id", "demo", "variant", "environment", "parameters", "seconds", "memory_mb")
_COLUMNS = (*_REQUEST, "status", "learner", "slot", "created")


def event_json(event: Event) -> dict[str, Any]:
    return dataclasses.asdict(event)


def span_json(span: Span) -> dict[str, Any]:
    """A span; the time of something that did not happen is null."""
    return {
        "name": span.name,
        "lane": span.lane,
        "process": span.process,
        "thread": span.thread,
        "start_ms": span.start_ms,
        "end_ms": span.end_ms,
        "attempt": span.attempt,
        "error": span.error,
        "background": span.background,
        "parts": [dataclasses.asdict(part) for part in span.parts],
    }


def run_json(run: Run) -> dict[str, Any]:
    """The response of `GET /sandbox/runs/{id}`."""
    timeline = run.timeline
    return {
        "id": run.id,
        "demo": run.demo,
        "variant": run.variant,
        "environment": run.environment,
        "parameters": dict(run.parameters),
        "status": run.status,
        "versions": dict(run.versions),
        "source": dict(run.source),
        "output": run.output,
        "events": [event_json(event) for event in timeline.events],
        "spans": [span_json(span) for span in timeline.spans],
        "facts": dict(timeline.facts),
        "extra": run.extra,
        "curves": [dataclasses.asdict(curve) for curve in timeline.curves],
        "breaks": list(run.breaks),
        "broken": run.broken,
        "seconds": run.seconds,
        "place": run.place,
        "wait_seconds": run.wait_seconds,
        "steps": run.steps,
        "fault": run.fault,
        "reason": run.reason,
        "timing_error_ms": run.timing_error_ms,
        "zero_ns": run.zero_ns,
        "disturbed": run.disturbed,
        "truncated": run.truncated,
        "contradictions": list(timeline.contradictions),
        "events_seen": run.events_seen,
    } | {name: _text(getattr(run, name)) for name in _TIMES}


def dump(run: Run) -> str:
    """The record of a run as JSON text, without spans and facts: they follow from the events.

    The learner is only in the row, so that erasing a learner does not rewrite records.
    """
    record = {name: getattr(run, name) for name in _RECORD}
    record |= {name: _text(getattr(run, name)) for name in _TIMES}
    record["events"] = [event_json(event) for event in run.events]
    return json.dumps(record, separators=(",", ":"))


def load(text: str) -> Run:
    """The run of a record that `dump` wrote, in this or any earlier version."""
    record = json.loads(text)
    record |= {name: _time(record[name]) for name in _TIMES}
    record["events"] = [Event(**event) for event in record["events"]]
    record["functions"] = tuple(record["functions"])
    # Records of earlier versions have no curves and no breaks.
    record["samples"] = [tuple(sample) for sample in record.get("samples", ())]
    record["breaks"] = tuple(record.get("breaks", ()))
    return Run(**record)


def row(run: Run) -> dict[str, Any]:
    """The columns of a new run."""
    return {name: getattr(run, name) for name in _COLUMNS}


def lost(row: Mapping[str, Any]) -> str:
    """The record of a failed run that has only a row, because its server was killed."""
    run = Run(
        **{name: row[name] for name in (*_REQUEST, "created", "learner", "slot")},
        source={},
        functions=(),
        status="failed",
        fault="app",
        reason="The server stopped while it ran.",
        ended=datetime.now(UTC),
    )
    return dump(run)


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
