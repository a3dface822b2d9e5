"""The generated sentence is true of every run, and states only what is known."""

from typing import Any

import pytest

from quiz.figure import tell
from quiz.timeline import RunEnd, Timeline
from tests import timelines
from tests.timelines import Script


def test_successive_tasks_are_described_one_after_another() -> None:
    assert str(tell(timelines.one_by_one())) == (
        "The client had its 200 after 6 ms. task_a took 2.00 s; task_b started when it ended."
        " Background work: 3.00 s."
    )


def test_numbers_in_a_sentence_are_emphasised() -> None:
    html = tell(timelines.one_by_one()).__html__()
    assert html.startswith("The client had its 200 after <b>6 ms</b>. task_a took <b>2.00 s</b>;")


def test_names_are_escaped() -> None:
    script = Script()
    script.request("GET /<b>", 0, 5, 6)
    script.request("GET /c", 0, 5, 6)
    assert "GET /&lt;b&gt; had its 200" in tell(script.build()).__html__()


def test_gathered_tasks_ran_at_the_same_time() -> None:
    assert (
        "both_tasks took 2.00 s; within that time task_a (2.00 s) and task_b (1.00 s)"
        " ran at the same time."
    ) in str(tell(timelines.gathered()))


def test_calls_that_block_one_after_another_within_a_third_do_not_overlap() -> None:
    """Seen in a run of `task_order`, gathered_blocking: 0.12 ms lay between the two."""
    script = Script()
    script.task("both_tasks", 5.0, 3030.2)
    script.call("task_a", 29.6, 2029.67, background=True)
    script.call("task_b", 2029.79, 3030.0, background=True)
    assert str(tell(script.build())) == (
        "both_tasks took 3.03 s; within that time task_a (2.00 s) and task_b (1.00 s) ran one after"
        " another. Background work: 3.03 s."
        " The event loop was blocked twice: 3.00 s in total, 2.00 s at most."
    )


def test_an_overlap_below_the_timing_error_is_no_overlap() -> None:
    script = Script()
    script.task("task_a", 0, 100)
    script.task("task_b", 98, 200)
    late = Timeline.build(script.events, end=RunEnd(210, timing_error_ms=3))
    assert "task_b started when it ended." in str(tell(late))
    on_time = Timeline.build(script.events, end=RunEnd(210, timing_error_ms=1))
    assert "task_a (100 ms) and task_b (102 ms) ran at the same time." in str(tell(on_time))


def test_a_stopped_run_names_its_duration_and_the_running_task() -> None:
    script = Script()
    script.request("POST /items", 0, 5, 6)
    script.task("task_a", 38, None)
    stopped = Timeline.build(script.events, end=RunEnd(5000, stopped=True))
    assert str(tell(stopped)) == (
        "The client had its 200 after 6 ms. task_a was still running at the end."
        " The run was stopped after 5.00 s."
    )


def test_a_call_that_never_ends_blocks_the_loop_until_the_end_of_the_run() -> None:
    script = Script()
    script.call("compute", 38, None)
    said = str(tell(Timeline.build(script.events, end=RunEnd(5038, stopped=True))))
    assert "The event loop was blocked for 5.00 s." in said


def test_a_run_with_cut_events_reports_nothing_as_missing() -> None:
    """Seen beyond 10,000 events: "None of the 2 requests got an answer", although both had one."""
    script = Script()
    script.request("GET /a", 0, 5, 6)
    script.request("GET /b", 0, None, None)
    script.event(3, "scheduled", "task_a")
    script.task("task_b", 7, None)
    assert str(tell(Timeline.build(script.events, truncated=True))) == (
        f"Only the first {len(script.events)} events of this run were kept."
        " GET /a had its 200 after 6 ms."
    )


def test_a_task_that_outlives_another_is_not_nested_in_it() -> None:
    script = Script()
    error = "ValueError: no"
    script.task("all_at_once", 5, 205, ended="failed", error=error)
    script.task("notify", 5.1, 204.9, ended="failed", error=error)
    script.task("count", 5.2, 605)
    assert str(tell(script.build())) == (
        "all_at_once, notify and count (600 ms) ran at the same time; all_at_once failed after"
        " 200 ms: ValueError; notify failed after 200 ms: ValueError. Background work: 600 ms."
    )


def test_a_failure_and_a_task_that_never_started_are_named() -> None:
    assert (
        "notify_partner started when it ended and failed after 201 ms: ValueError;"
        " update_statistics never started."
    ) in str(tell(timelines.failing()))


def test_a_live_run_reports_nothing_as_missing() -> None:
    script = Script()
    script.request("POST /items", 0, 5, 6)
    script.event(3, "scheduled", "task_a")
    assert str(tell(script.build(), live=True)) == "The client had its 200 after 6 ms."
    assert "task_a never started" in str(tell(script.build()))


def test_a_task_without_an_end_is_still_running() -> None:
    said = str(tell(timelines.going_on(), live=True))
    assert said.endswith("task_b started when it ended and is still running.")
    assert str(tell(timelines.going_on())).endswith("and was still running at the end.")


def test_a_task_after_a_gap_does_not_start_when_the_first_ended() -> None:
    script = Script()
    script.task("task_a", 0, 100)
    script.task("task_b", 300, 400)
    assert str(tell(script.build())).startswith("task_a took 100 ms; task_b took 100 ms.")


def test_a_nested_call_is_part_of_its_caller() -> None:
    script = Script()
    script.call("write_log", 6, 500, background=True)
    script.call("open_file", 7, 20, background=True)
    assert str(tell(script.build())) == (
        "write_log took 494 ms. The event loop was blocked for 494 ms."
    )


def test_several_requests_and_a_blocked_loop_are_described() -> None:
    assert str(tell(timelines.blocked())) == (
        "POST /items had its 200 after 6 ms; GET /ping had its 200 after 708 ms."
        " write_log took 1.00 s. The event loop was blocked for 1.00 s."
    )


def test_many_calls_are_summed_up() -> None:
    assert str(tell(timelines.pool())) == (
        "All 10 requests had their 200 after 2 ms to 991 ms. write_report ran 8 times, 500 ms each,"
        " at most 4 at the same time. Background work: 1.01 s."
        " sync_ping waited longest for a thread: 989 ms."
    )


def test_failures_among_many_calls_are_counted() -> None:
    script = Script()
    for i in range(8):
        ended = {"ended": "failed", "error": "OSError: full"} if i > 5 else {}
        script.task("write", i * 100, i * 100 + 50, **ended)
    assert "write ran 8 times; 6 took 50 ms each; 2 failed: OSError." in str(tell(script.build()))


def test_two_loops_that_were_blocked_at_the_same_time_are_not_added_up() -> None:
    script = Script()
    for process in (10, 11):
        script.call("compute", 5.0, 533.0, process=process)
    assert "2 event loops were blocked, for 528 ms and 528 ms." in str(tell(script.build()))
    assert script.build().facts["loop_blocked_total_ms"] == 528.0


def test_a_job_that_began_before_zero_is_still_running_at_the_end() -> None:
    script = Script()
    script.call("tick", -100, None, background=True, lane="apscheduler 5")
    assert "tick was still running at the end." in str(tell(script.build()))


def test_the_kill_of_a_server_is_described() -> None:
    said = str(tell(timelines.cut_off()))
    assert "GET /ping got no answer." in said
    assert "resize_image was cancelled after 199 ms; send_mail started when it ended" in said
    assert said.endswith("The web process was killed after 700 ms.")


@pytest.mark.parametrize(
    ("sent", "live", "said"),
    [
        (None, True, "The client waits for its answer."),
        (None, False, "The client was still waiting for its answer."),
        (5.0, False, "The server sent its 200 after 5 ms."),
    ],
)
def test_a_missing_response_is_described(sent: float | None, live: bool, said: str) -> None:
    script = Script()
    script.request("GET /", 0, sent, None)
    assert str(tell(script.build(), live=live)) == said


def test_a_response_lost_with_its_connection_is_named() -> None:
    script = Script()
    script.request("POST /orders", 0, 5, 6)
    script.request("GET /statistics", 7, 600, None, at=601, error="RemoteDisconnected")
    assert str(tell(script.build())) == (
        "POST /orders had its 200 after 6 ms; GET /statistics got no answer."
    )


def test_without_background_work_the_handler_is_described() -> None:
    script = Script()
    script.request("GET /", 0, 45, 46)
    script.call("show", 5, 40)
    assert str(tell(script.build())) == "The client had its 200 after 46 ms. show took 35 ms."


def test_an_error_is_named_in_the_task_and_in_the_handler_it_reached() -> None:
    script = Script()
    script.call("get_session", 5, 210, [(6, 209)], ended="failed", error="ValueError: no")
    script.task("notify", 8, 208, ended="failed", error="ValueError: no")
    assert str(tell(script.build())) == (
        "notify failed after 200 ms: ValueError. get_session failed after 205 ms: ValueError."
    )


def test_a_run_without_events_has_no_sentence() -> None:
    assert not tell(Script().build())


def test_calls_that_only_wrap_others_are_left_out() -> None:
    script = Script()
    tasks = [("send_receipt", {}), ("notify", {"ended": "failed", "error": "ValueError: no"})]
    for i, (name, how) in enumerate(tasks):
        script.call(
            "guarded", i * 300, i * 300 + 300, [(i * 300 + 2, i * 300 + 298)], background=True
        )
        script.call(
            name, i * 300 + 1, i * 300 + 299, [(i * 300 + 2, i * 300 + 298)], background=True, **how
        )
    assert str(tell(script.build())) == (
        "send_receipt took 298 ms; notify started when it ended and failed after 298 ms:"
        " ValueError, which was caught. Background work: 600 ms."
    )


def test_threads_with_the_same_name_are_told_apart() -> None:
    script = Script()
    for i in range(3):
        pool: dict[str, Any] = {"lane": "thread pool", "thread": "AnyIO worker thread"}
        script.call("write", 5 + i, 500 - i, background=True, queued=4.5 + i, **pool)
    assert str(tell(script.build())) == (
        "write ran 3 times, 491 ms to 495 ms each, at most 3 at the same time."
        " Background work: 495 ms."
    )


def test_responses_of_one_address_are_listed_together() -> None:
    script = Script()
    script.request("POST /signup", 0, 5, 6)
    script.request("GET /ping", 7, 1006, 1007)
    script.request("GET /ping", 1010, 1011, 1012)
    assert str(tell(script.build())) == (
        "POST /signup had its 200 after 6 ms; GET /ping had its 200 after 1.00 s and 2 ms."
    )


def test_the_lifespan_does_not_count_as_lost_work() -> None:
    script = Script()
    script.call("lifespan", -20, None, [(-10, None)])
    script.request("GET /", 0, 5, 6)
    assert str(tell(script.build())) == "The client had its 200 after 6 ms."


def test_a_task_that_was_killed_and_one_that_ran_again_did_not_run_at_the_same_time() -> None:
    script = Script()
    script.event(0, "enqueued", "bill", queue="job")
    first, again = (script.serial() for _ in range(2))
    script.event(5, "started", "bill", call=first, queue="job", background=True)
    script.event(400, "killed", "celery worker", lane="celery worker 10", signal="SIGKILL")
    script.event(3000, "started", "bill", call=again, queue="job", background=True, process=11)
    script.event(3800, "succeeded", "bill", call=again, process=11)
    assert "bill did not end; bill, attempt 2, took 800 ms." in str(tell(script.build()))


def test_calls_of_a_killed_process_are_not_still_running() -> None:
    script = Script()
    script.call("work", 5, None, background=True)
    assert "work is still running." in str(tell(script.build(), live=True))
    script.event(90, "killed", "web", by="learner", signal="SIGKILL")
    said = str(tell(script.build(), live=True))
    assert "work did not end." in said
    assert "The web process was killed by hand after 90 ms." in said
