"""A run as Chrome trace-event JSON: the shape that Perfetto reads, times in microseconds from 0."""

import json
from itertools import pairwise
from typing import Any

import pytest

from quiz.timeline.chrome_trace import trace_json
from tests.timelines import Script, one_by_one, worker_killed


def entries(trace: dict[str, Any], ph: str) -> list[dict[str, Any]]:
    return [entry for entry in trace["traceEvents"] if entry["ph"] == ph]


def test_every_part_is_a_slice_in_microseconds() -> None:
    timeline = one_by_one(sent=6.0, a=2000.0)
    slices = entries(trace_json(timeline, {}), "X")
    assert len(slices) == sum(len(span.parts) for span in timeline.spans)
    waited = next(s for s in slices if s["name"] == "task_a" and s["cat"] == "suspended")
    assert waited["dur"] == pytest.approx(1_999_900, abs=1)
    assert waited["args"]["state"] == "waits, its thread is free"


def test_every_event_is_an_instant_on_its_thread() -> None:
    timeline = one_by_one()
    instants = entries(trace_json(timeline, {}), "i")
    assert len(instants) == len(timeline.events)
    assert {"task_a started", "POST /items received"} <= {entry["name"] for entry in instants}


def test_processes_and_threads_have_names() -> None:
    trace = trace_json(one_by_one(), {})
    named = {(entry["pid"], entry["tid"]) for entry in entries(trace, "M") if entry["tid"]}
    used = {(e["pid"], e["tid"]) for e in entries(trace, "X") + entries(trace, "i")}
    assert used <= named
    names = [entry["args"]["name"] for entry in entries(trace, "M") if "name" in entry["args"]]
    assert "event loop: MainThread" in names
    assert "client (9)" in names


def test_times_in_a_trace_start_at_zero_and_the_offset_is_stored() -> None:
    script = Script()
    script.call("warm_up", -12.5, -10.0)
    script.request("GET /", 0.0, 5.0, 5.2)
    trace = trace_json(script.build(), {"demo": "sample"})
    assert min(e["ts"] for e in entries(trace, "X") + entries(trace, "i")) == 0
    assert trace["otherData"] == {"demo": "sample", "zero_ms": 12.5}


def test_slices_of_one_track_are_separate_or_nested() -> None:
    script = Script()
    script.request("POST /", 0.0, 5.0, 5.2)
    script.task("one", 6.0, 500.0)
    script.task("two", 6.5, 400.0)
    tracks: dict[int, list[tuple[float, float]]] = {}
    for entry in entries(trace_json(script.build(), {}), "X"):
        if entry["pid"] == 10:
            ends = (entry["ts"], entry["ts"] + entry["dur"])
            tracks.setdefault(entry["tid"], []).append(ends)
    for slices in tracks.values():
        for (_, first_end), (start, end) in pairwise(sorted(slices)):
            assert start >= first_end - 0.01 or end <= first_end + 0.01


def test_a_call_that_never_ended_lasts_until_the_end_of_the_run() -> None:
    script = Script()
    script.request("POST /", 0.0, 5.0, 5.2)
    script.call("endless", 6.0, None)
    script.event(900.0, "killed", "server")
    (endless,) = [e for e in entries(trace_json(script.build(), {}), "X") if e["name"] == "endless"]
    assert endless["dur"] == pytest.approx(894_000, abs=1)
    assert endless["args"]["ended"] is False


def test_a_run_without_events_is_a_valid_trace() -> None:
    trace = trace_json(Script().build(), {})
    assert json.loads(json.dumps(trace))["traceEvents"] == []


def test_the_tracks_of_a_program_have_its_name() -> None:
    entries = trace_json(worker_killed(), {})["traceEvents"]
    names = {e["args"]["name"] for e in entries if e["name"] == "process_name"}
    assert {"client (9)", "valkey (20)", "celery worker (21)"} <= names
