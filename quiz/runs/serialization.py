"""A run as JSON: what callers get, what the database keeps, and back again.

Nothing is computed here.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quiz.runs.run import Run
from quiz.timeline import Event, Span

_KEPT = (
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
_ASKED = ("id", "demo", "variant", "environment", "parameters", "seconds", "memory_mb")
_COLUMNS = (*_ASKED, "status", "learner", "slot", "created")


def event_json(event: Event) -> dict[str, Any]:
    return dataclasses.asdict(event)


def span_json(span: Span) -> dict[str, Any]:
    """What did not happen is null."""
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
    """The run as `GET /sandbox/runs/{id}` gives it."""
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
    """The run as the database keeps it: spans and facts follow from the events.

    Whose it is stands in its row alone, where erasing finds it.
    """
    kept = {name: getattr(run, name) for name in _KEPT}
    kept |= {name: _text(getattr(run, name)) for name in _TIMES}
    kept["events"] = [event_json(event) for event in run.events]
    return json.dumps(kept, separators=(",", ":"))


def load(text: str) -> Run:
    kept = json.loads(text)
    kept |= {name: _time(kept[name]) for name in _TIMES}
    kept["events"] = [Event(**event) for event in kept["events"]]
    kept["functions"] = tuple(kept["functions"])
    # Runs that were kept before there were curves, or breaks, have none.
    kept["samples"] = [tuple(sample) for sample in kept.get("samples", ())]
    kept["breaks"] = tuple(kept.get("breaks", ()))
    return Run(**kept)


def row(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in _COLUMNS}


def lost(row: Mapping[str, Any]) -> str:
    """The record of a run of which there is only its row: its server was killed."""
    run = Run(
        **{name: row[name] for name in (*_ASKED, "created", "learner", "slot")},
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
