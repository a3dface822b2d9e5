"""Events become spans, responses and facts."""

from typing import Any

import pytest

from quiz.timeline import MEMORY, Event, RunEnd, Timeline

WEB, CLIENT = 7, 8


class Tape:
    """Writes events down in the order in which they are read."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def note(self, at_ms: float, event: str, name: str, call: str = "", **more: Any) -> "Tape":
        lane = more.pop("lane", "event loop")
        process = CLIENT if lane == "client" else WEB
        detail = ({"call": call} if call else {}) | more
        number = len(self.events) + 1
        self.events.append(Event(number, at_ms, name, event, lane, process, "MainThread", detail))
        return self

    def build(self, *functions: str) -> Timeline:
        return Timeline.build(self.events, functions=functions)


def request(tape: Tape, *, sent_ms: float = 3.0, received_ms: float = 3.5) -> Tape:
    tape.note(0.0, "started", "POST /items", "c1", lane="client", port=50, nth=1)
    tape.note(1.0, "received", "POST /items", request="r1", port=50, nth=1)
    tape.note(2.0, "responded", "POST /items", request="r1", status=200, more=True)
    tape.note(sent_ms, "responded", "POST /items", request="r1", status=200, more=False)
    return tape.note(received_ms, "succeeded", "POST /items", "c1", lane="client", status=200)


def test_a_call_that_waits_has_running_and_suspended_parts() -> None:
    tape = Tape().note(1.0, "started", "task_a", "1").note(2.0, "suspended", "task_a", "1")
    tape.note(10.0, "resumed", "task_a", "1").note(11.0, "succeeded", "task_a", "1")
    (span,) = tape.build().spans
    assert [(p.state, p.start_ms, p.end_ms) for p in span.parts] == [
        ("running", 1.0, 2.0),
        ("suspended", 2.0, 10.0),
        ("running", 10.0, 11.0),
    ]
    assert (span.milliseconds("running"), span.milliseconds("suspended")) == (2.0, 8.0)


def test_a_call_that_never_ended_has_no_end() -> None:
    (span,) = Tape().note(1.0, "started", "task_a", "1").build().spans
    assert span.end_ms is None
    assert span.parts[-1].end_ms is None


def test_a_killed_process_cuts_its_calls_without_ending_them() -> None:
    tape = Tape().note(1.0, "started", "task_a", "1").note(5.0, "killed", "web")
    (span,) = tape.build().spans
    assert span.end_ms is None
    assert span.parts[-1].end_ms == 5.0


def test_waiting_for_a_thread_is_a_part_before_the_start() -> None:
    tape = Tape().note(1.0, "enqueued", "work", queue="q")
    tape.note(51.0, "started", "work", "1", lane="thread pool", queue="q")
    (span,) = tape.build().spans
    assert (span.start_ms, span.parts[0].state, span.parts[0].start_ms) == (51.0, "queued", 1.0)


def test_a_deferred_job_waits_only_from_when_it_is_due() -> None:
    tape = Tape().note(1.0, "enqueued", "send", queue="q", delay_ms=2000.0)
    tape.note(2051.0, "started", "send", "1", lane="arq 7", queue="q")
    assert tape.build().spans[0].parts[0].start_ms == 2001.0


def test_a_hop_to_a_free_thread_is_not_waiting() -> None:
    tape = Tape().note(1.0, "enqueued", "work", queue="q")
    tape.note(1.4, "started", "work", "1", lane="thread pool", queue="q")
    assert tape.build().spans[0].parts[0].state == "running"


def test_the_response_joins_the_events_of_client_and_server() -> None:
    facts = request(Tape()).build().facts
    assert facts["response"] == {
        "name": "POST /items",
        "status": 200,
        "sent_ms": 3.0,
        "received_ms": 3.5,
        "took_ms": 3.5,
    }


def test_a_request_without_an_answer_has_no_status() -> None:
    tape = Tape().note(0.0, "started", "GET /", "c1", lane="client", port=5, nth=1)
    tape.note(9.0, "failed", "GET /", "c1", lane="client", error="ConnectionResetError")
    facts = tape.build().facts
    assert facts["response"] == {"name": "GET /"}
    assert facts["errors"] == []


def test_background_time_runs_from_the_first_start_to_the_last_end() -> None:
    tape = Tape().note(1.0, "started", "create_item", "1", background=False)
    tape.note(2.0, "succeeded", "create_item", "1")
    tape.note(4.0, "started", "task_a", "2", background=True)
    tape.note(9.0, "succeeded", "task_a", "2").note(10.0, "started", "task_b", "3", background=True)
    tape.note(15.0, "succeeded", "task_b", "3")
    facts = tape.build().facts
    assert facts["background_ms"] == 11.0
    assert facts["order"] == facts["finished"] == ["create_item", "task_a", "task_b"]


def test_facts_without_events_are_absent_or_zero() -> None:
    facts = Tape().build("task_a").facts
    assert "response" not in facts
    assert "background_ms" not in facts
    assert facts["count"] == {"task_a": 0}
    assert facts["loop_blocked_ms"] == 0.0


def test_scheduled_work_that_did_not_succeed_is_lost() -> None:
    tape = Tape().note(1.0, "scheduled", "task_a").note(1.1, "scheduled", "task_b")
    tape.note(2.0, "started", "task_a", "1").note(3.0, "succeeded", "task_a", "1")
    assert tape.build().facts["lost"] == ["task_b"]


def test_a_handler_that_waited_for_a_thread_and_failed_is_not_lost() -> None:
    tape = Tape().note(0.0, "enqueued", "state_of", queue=f"{WEB}-1")
    tape.note(1.0, "started", "state_of", "1", queue=f"{WEB}-1").note(
        2.0, "failed", "state_of", "1"
    )
    assert tape.note(3.0, "enqueued", "bill", queue="job").build().facts["lost"] == ["bill"]


def test_undone_counts_each_piece_of_work_that_had_not_ended() -> None:
    tape = Tape()
    for call in ("1", "2", "3"):
        tape.note(0.5, "enqueued", "send", queue=f"j{call}")
    tape.note(1.0, "started", "send", "1", queue="j1").note(2.0, "succeeded", "send", "1")
    tape.note(1.0, "started", "send", "2", queue="j2").note(3.0, "killed", "arq")
    tape.note(0.6, "scheduled", "bill").note(0.7, "enqueued", "bill", queue="t")
    facts = tape.build().facts
    assert facts["undone"] == ["bill", "send", "send"]
    assert facts["lost"] == ["bill"]


def test_work_that_failed_or_was_repeated_is_not_undone() -> None:
    tape = Tape().note(0.0, "enqueued", "bill", queue="j").note(0.1, "enqueued", "mail", queue="k")
    tape.note(1.0, "started", "bill", "1", queue="j").note(2.0, "killed", "worker")
    tape.note(9.0, "started", "bill", "2", queue="j").note(9.5, "succeeded", "bill", "2")
    tape.note(1.0, "started", "mail", "3", queue="k").note(1.5, "failed", "mail", "3")
    facts = tape.build().facts
    assert (facts["undone"], facts["doubled"]) == ([], ["bill"])
    assert facts["late_ms"] == {"bill": 7.0}


def test_a_job_that_waits_for_a_retry_is_undone() -> None:
    tape = Tape()
    for at, name in enumerate(("celery", "arq", "gives_up"), 1):
        tape.note(0.0, "enqueued", name, queue=f"j{at}")
        tape.note(float(at), "started", name, str(at), queue=f"j{at}")
    tape.note(5.0, "failed", "celery", "1", error="OSError").note(6.0, "retried", "x", queue="j1")
    tape.note(5.0, "failed", "arq", "2", error="Retry: in 1 s")
    tape.note(5.0, "failed", "gives_up", "3", error="OSError")
    assert tape.build().facts["undone"] == ["arq", "celery"]


def test_only_the_call_that_raised_counts_as_an_error() -> None:
    tape = Tape().note(1.0, "started", "outer", "1").note(2.0, "started", "inner", "2")
    tape.note(3.0, "failed", "inner", "2", error="ValueError: no", raised=True)
    tape.note(4.0, "failed", "outer", "1", error="ValueError: no")
    timeline = tape.build()
    assert timeline.facts["errors"] == ["ValueError: no"]
    assert timeline.facts["call"]["outer"]["error"] == "ValueError: no"


def test_the_loop_is_blocked_by_overlapping_calls_only_once() -> None:
    tape = Tape().note(0.0, "started", "outer", "1").note(10.0, "started", "inner", "2")
    tape.note(90.0, "succeeded", "inner", "2").note(100.0, "succeeded", "outer", "1")
    tape.note(300.0, "started", "later", "3").note(320.0, "succeeded", "later", "3")
    facts = tape.build().facts
    assert (facts["loop_blocked_ms"], facts["loop_blocked_total_ms"]) == (100.0, 120.0)


def test_facts_of_cut_events_leave_out_what_missing_events_could_change() -> None:
    tape = request(Tape()).note(4.0, "scheduled", "task_a").note(5.0, "started", "task_b", "1")
    timeline = Timeline.build(tape.events, functions=["task_a"], environment="x", truncated=True)
    assert timeline.facts == {"parameters": {}, "environment": "x", "extra": {}}
    assert [span.ended_by for span in timeline.spans if span.is_call] == ["unrecorded"]


def test_a_thread_of_the_pool_does_not_block_the_loop() -> None:
    tape = Tape().note(0.0, "started", "work", "1", lane="thread pool")
    tape.note(500.0, "succeeded", "work", "1", lane="thread pool")
    assert tape.build().facts["loop_blocked_ms"] == 0.0


def test_events_are_sorted_by_their_time() -> None:
    tape = Tape().note(5.0, "succeeded", "task_a", "1").note(1.0, "started", "task_a", "1")
    timeline = tape.build()
    assert [event.at_ms for event in timeline.events] == [1.0, 5.0]
    assert timeline.spans[0].end_ms == 5.0


def test_attempts_of_a_job_are_counted_and_wait_since_the_last_one_ended() -> None:
    tape = Tape().note(0.0, "enqueued", "send", queue="job")
    tape.note(10.0, "started", "send", "1", queue="job").note(20.0, "failed", "send", "1")
    tape.note(90.0, "started", "send", "2", queue="job").note(95.0, "succeeded", "send", "2")
    first, second = tape.build().spans
    assert (first.attempt, second.attempt) == (1, 2)
    assert [(p.start_ms, p.end_ms) for p in second.parts if p.state == "queued"] == [(20.0, 90.0)]


def test_a_job_that_starts_before_its_enqueued_event_can_be_retried() -> None:
    tape = Tape().note(18.0, "started", "send", "1", queue="job")
    tape.note(20.0, "failed", "send", "1").note(23.0, "enqueued", "send", queue="job")
    tape.note(1020.0, "started", "send", "2", queue="job")
    first, second = tape.build().spans
    assert first.origin is None
    assert second.parts[0].start_ms == 20.0


def test_a_job_whose_worker_was_killed_waits_from_then_on() -> None:
    tape = Tape().note(0.0, "enqueued", "send", queue="job")
    tape.note(10.0, "started", "send", "1", queue="job").note(15.0, "killed", "worker")
    tape.note(60.0, "started", "send", "2", queue="job").note(65.0, "succeeded", "send", "2")
    first, second = tape.build().spans
    assert (first.end_ms, second.attempt) == (None, 2)
    assert [(p.start_ms, p.end_ms) for p in second.parts if p.state == "queued"] == [(15.0, 60.0)]


def test_an_object_is_alive_from_its_start_to_its_end() -> None:
    tape = Tape().note(1.0, "started", "Catalogue", "1", lane=MEMORY)
    (life,) = tape.note(9.0, "succeeded", "Catalogue", "1", lane=MEMORY).build().spans
    assert [(part.state, part.start_ms, part.end_ms) for part in life.parts] == [
        ("alive", 1.0, 9.0)
    ]
    assert life.milliseconds("running") == 0


def test_a_program_is_listed_with_its_start_and_its_end() -> None:
    tape = Tape().note(-9.0, "started", "valkey", program="valkey", lane="valkey 10")
    tape.note(50.0, "killed", "valkey", lane="valkey 10")
    timeline = tape.build()
    (program,) = timeline.processes
    assert (program.name, program.start_ms, program.end_ms) == ("valkey", -9.0, 50.0)
    assert program.ended_by == "killed"
    assert timeline.spans == ()
    assert timeline.facts["processes"] == 0


def test_only_an_attempt_whose_worker_died_is_redelivered() -> None:
    tape = Tape().note(0.0, "enqueued", "send", queue="job")
    tape.note(10.0, "started", "send", "1", queue="job").note(20.0, "failed", "send", "1")
    tape.note(30.0, "started", "send", "2", queue="job").note(35.0, "killed", "worker")
    tape.note(60.0, "started", "send", "3", queue="job")
    assert [span.is_redelivered for span in tape.build().spans] == [False, False, True]


def test_a_job_delivered_again_while_it_runs_is_started_twice() -> None:
    tape = Tape().note(0.0, "enqueued", "send", queue="job")
    tape.note(10.0, "started", "send", "1", queue="job")
    tape.note(1000.0, "started", "send", "2", queue="job").note(1500.0, "succeeded", "send", "1")
    timeline = tape.note(2500.0, "succeeded", "send", "2").build()
    assert timeline.facts["doubled"] == ["send"]
    assert [part.state for part in timeline.spans[1].parts] == ["running"]


def test_a_loop_blocked_before_the_first_request_delays_no_request() -> None:
    tape = Tape().note(-300.0, "started", "lifespan", "1").note(-10.0, "succeeded", "lifespan", "1")
    tape.note(-5.0, "started", "warm", "2").note(20.0, "succeeded", "warm", "2")
    assert tape.build().facts["loop_blocked_ms"] == 20.0


def test_a_stopped_run_lasts_until_it_was_stopped() -> None:
    tape = request(Tape()).note(38.0, "started", "task_a", "1")
    timeline = Timeline.build(tape.events, end=RunEnd(5000.0, stopped=True))
    assert (timeline.end_ms, timeline.stopped_ms) == (5000.0, 5000.0)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([("started", "1"), ("started", "1")], "started a second time as the same call"),
        ([("succeeded", "1")], "ended without a start"),
        ([("resumed", "1")], "went on without a start"),
        ([("started", "1"), ("failed", "1"), ("succeeded", "1")], "ended after its end"),
        ([("started", "1"), ("resumed", "1")], "went on without having been suspended"),
        ([("started", "1"), ("suspended", "1"), ("suspended", "1")], "suspended twice"),
    ],
)
def test_impossible_events_are_contradictions(events: list[tuple[str, str]], said: str) -> None:
    tape = request(Tape())
    for at, (event, call) in enumerate(events, 4):
        tape.note(float(at), event, "verify", call)
    (found,) = tape.build().contradictions
    assert said in found


def test_a_call_without_its_request_is_a_contradiction() -> None:
    tape = request(Tape()).note(1.5, "started", "verify", "1", within="r1")
    assert tape.build().contradictions == ()
    tape.note(4.0, "started", "verify", "2", within="r2")
    assert tape.build().contradictions == (
        "verify was called for a request that the server never received.",
    )


def test_a_response_without_request_and_a_repeated_request_are_contradictions() -> None:
    tape = request(Tape()).note(5.0, "responded", "GET /", request="r9", status=200, more=False)
    tape.note(6.0, "received", "POST /items", request="r2", port=50, nth=1)
    assert tape.build().contradictions == (
        "The server answered GET / without having received it.",
        "The server received POST /items twice as the same request.",
    )
