"""The shipped demos, really run: each keeps the contract and says what it is there to show."""

from collections.abc import Callable
from typing import Any

import pytest

from quiz.demo import load_demos
from quiz.sandbox.run import Run
from quiz.timeline import CLIENT, EVENTS, Span
from tests.live.once import Asked, play_all

# All runs are played before the first test.
pytestmark = pytest.mark.timeout(180)
Play = Callable[..., Run]
DEMOS, _ = load_demos()
ALL = [
    (demo.name, variant.name, environment)
    for demo in DEMOS.values()
    for variant in demo.variants.values()
    for environment in variant.environments
]
# Far above the noise of a busy machine, far below every default duration that is waited for.
AT_ONCE_MS = 250.0


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    played = play_all(tmp_path_factory.mktemp("demos"), (Asked(*each) for each in ALL))

    def found(demo: str, variant: str, environment: str = "current") -> Run:
        return played[Asked(demo, variant, environment)]

    return found


def facts_of(run: Run) -> dict[str, Any]:
    return dict(run.timeline.facts)


def calls_of(run: Run, name: str) -> list[Span]:
    return [span for span in run.timeline.spans if span.is_call and span.name == name]


# The contract: what every demo and variant keeps, also one that is added tomorrow.


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_variant_is_played_to_its_end(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    run = play(demo, variant, environment)
    assert (run.status, run.fault, run.reason) == ("finished", None, None)
    assert run.steps


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_run_starts_at_its_first_request_and_uses_the_known_words(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    timeline = play(demo, variant, environment).timeline
    # Where nobody asks for anything the scenario marks zero itself.
    assert all(response.request_ms >= 0 for response in timeline.responses)
    assert not timeline.responses or timeline.responses[0].request_ms == 0
    assert {event.event for event in timeline.events} <= set(EVENTS)
    assert all(span.end_ms is not None for span in timeline.spans if span.lane == CLIENT)


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_variant_takes_as_long_as_it_says(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    run = play(demo, variant, environment)
    # A queue looks for work once in a while: what it takes differs by that while.
    assert run.timeline.end_ms / 1000 == pytest.approx(run.seconds, abs=max(0.3, run.seconds / 4))


@pytest.mark.parametrize(("demo", "variant", "environment"), ALL)
def test_a_scenario_adds_the_facts_that_its_demo_declares(
    play: Play, demo: str, variant: str, environment: str
) -> None:
    extra = play(demo, variant, environment).extra
    declared = DEMOS[demo].extra
    assert extra.keys() <= declared.keys()
    for name, fact in extra.items():
        assert (fact["title"], fact["unit"]) == (declared[name].title, declared[name].unit)


@pytest.mark.parametrize("demo", DEMOS)
def test_every_declared_fact_comes_from_some_variant(play: Play, demo: str) -> None:
    variants = DEMOS[demo].variants.values()
    told = {name for v in variants for name in play(demo, v.name, v.environments[0]).extra}
    assert told == set(DEMOS[demo].extra)


@pytest.mark.parametrize(
    ("demo", "variant"), dict.fromkeys((demo, variant) for demo, variant, _ in ALL)
)
def test_a_learner_reads_short_files_without_any_trace_of_the_quiz(demo: str, variant: str) -> None:
    values = DEMOS[demo].values(variant, {})
    for text in DEMOS[demo].source(variant, values).values():
        assert len(text.splitlines()) <= 80
        assert "quiz" not in text


# after_response


@pytest.mark.parametrize("variant", ["injected", "response_background", "middleware"])
def test_the_log_line_is_written_after_the_response(play: Play, variant: str) -> None:
    facts = facts_of(play("after_response", variant))
    task, response = facts["call"]["write_log"], facts["response"]
    assert task["started_ms"] >= response["sent_ms"]
    assert task["ended_ms"] > response["received_ms"]
    assert facts["extra"]["log_lines"] == 1


def test_of_two_ways_at_once_only_the_response_s_own_task_runs(play: Play) -> None:
    facts = facts_of(play("after_response", "both"))
    assert facts["count"]["send_mail"] == 1
    assert facts["count"]["write_log"] == 0
    assert facts["lost"] == ["write_log"]
    assert facts["extra"]["log_lines"] == 0


def test_a_middleware_s_clock_stops_before_the_task_starts(play: Play) -> None:
    facts = facts_of(play("after_response", "middleware"))
    assert facts["call"]["dispatch"]["ended_ms"] <= facts["call"]["write_log"]["started_ms"]
    assert facts["extra"]["process_time_ms"] < AT_ONCE_MS


def test_a_handler_that_raises_drops_its_tasks(play: Play) -> None:
    facts = facts_of(play("after_response", "raising"))
    assert facts["response"]["status"] == 409
    assert facts["lost"] == ["write_log"]
    assert facts["extra"]["log_lines"] == 0


def test_a_handler_that_returns_an_error_keeps_its_tasks(play: Play) -> None:
    facts = facts_of(play("after_response", "returned_error"))
    assert facts["response"]["status"] == 409
    assert facts["call"]["write_log"]["started_ms"] >= facts["response"]["sent_ms"]
    assert facts["extra"]["log_lines"] == 1


def test_a_list_that_is_attached_to_nothing_never_runs(play: Play) -> None:
    facts = facts_of(play("after_response", "own_instance"))
    assert facts["response"]["status"] == 200
    assert facts["count"]["write_log"] == 0
    assert facts["errors"] == []


def test_a_dependency_s_task_comes_before_the_handler_s(play: Play) -> None:
    facts = facts_of(play("after_response", "from_dependency"))
    assert facts["order"] == ["current_user", "create_item", "write_log", "send_mail"]
    assert facts["call"]["send_mail"]["started_ms"] >= facts["call"]["write_log"]["ended_ms"]


def test_a_blocking_task_delays_the_rest_of_its_own_large_response(play: Play) -> None:
    facts = facts_of(play("after_response", "large_body"))
    task, response = facts["call"]["write_log"], facts["response"]
    assert response["sent_ms"] <= task["started_ms"]
    assert response["received_ms"] >= task["ended_ms"]


# async_and_sync


def test_an_async_task_runs_on_the_loop_and_a_sync_one_in_the_pool(play: Play) -> None:
    call = facts_of(play("async_and_sync", "awaiting"))["call"]
    assert call["send_mail"]["lane"] == "event loop"
    assert call["write_audit"]["lane"] == "thread pool"


def test_another_client_is_answered_at_once_while_tasks_wait_or_block_a_thread(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "awaiting"))
    assert facts["extra"]["ping_in_mail_ms"] < AT_ONCE_MS
    assert facts["extra"]["ping_in_audit_ms"] < AT_ONCE_MS
    assert facts["loop_blocked_ms"] < AT_ONCE_MS


def test_another_client_waits_while_an_async_task_blocks(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "blocking"))
    mail, ping = facts["call"]["send_mail"], facts["call"]["ping"]
    assert ping["started_ms"] >= mail["ended_ms"]
    assert facts["loop_blocked_ms"] >= 990
    assert facts["extra"]["ping_in_audit_ms"] < AT_ONCE_MS


def test_a_blocking_call_that_is_handed_to_a_thread_lets_others_in(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "threaded"))
    assert facts["extra"]["ping_in_mail_ms"] < AT_ONCE_MS
    assert facts["call"]["deliver"]["lane"] == "thread pool"
    assert facts["call"]["send_mail"]["running_ms"] < AT_ONCE_MS
    assert facts["call"]["write_audit"]["started_ms"] >= facts["call"]["send_mail"]["ended_ms"]


# task_order


def test_tasks_added_one_by_one_take_the_sum(play: Play) -> None:
    facts = facts_of(play("task_order", "one_by_one"))
    assert facts["call"]["task_b"]["started_ms"] >= facts["call"]["task_a"]["ended_ms"]
    assert facts["background_ms"] == pytest.approx(3000, abs=100)


def test_gathered_tasks_take_as_long_as_the_longer(play: Play) -> None:
    facts = facts_of(play("task_order", "gathered"))
    assert facts["finished"][-3:] == ["task_b", "task_a", "both_tasks"]
    assert facts["background_ms"] == pytest.approx(2000, abs=100)


def test_gathered_tasks_that_block_take_the_sum(play: Play) -> None:
    facts = facts_of(play("task_order", "gathered_blocking"))
    assert facts["background_ms"] == pytest.approx(3000, abs=100)
    assert facts["loop_blocked_ms"] >= 1990


def test_gathered_threads_take_as_long_as_the_longer_and_spare_the_loop(play: Play) -> None:
    facts = facts_of(play("task_order", "gathered_threads"))
    assert facts["background_ms"] == pytest.approx(2000, abs=100)
    assert facts["loop_blocked_ms"] < AT_ONCE_MS


def test_the_lists_of_two_requests_go_on_side_by_side(play: Play) -> None:
    run = play("task_order", "two_requests")
    first, second = calls_of(run, "task_a")
    assert first.end_ms
    assert second.start_ms < first.end_ms
    assert facts_of(run)["background_ms"] == pytest.approx(3000, abs=150)


def test_of_two_queries_on_one_session_the_second_is_refused(play: Play) -> None:
    call = facts_of(play("task_order", "shared_session"))["call"]
    assert call["count_indexes"]["error"].startswith("InvalidRequestError")
    assert call["both_counts"]["error"].startswith("IllegalStateChangeError")
    assert "error" not in call["count_tables"]


def test_task_order_has_two_durations_and_nothing_else() -> None:
    assert list(DEMOS["task_order"].parameters) == ["task_a_seconds", "task_b_seconds"]


# failing_task


@pytest.mark.parametrize("variant", DEMOS["failing_task"].variants)
def test_the_client_has_its_200_though_a_task_fails(play: Play, variant: str) -> None:
    run = play("failing_task", variant)
    assert facts_of(run)["response"]["status"] == 200
    assert facts_of(run)["errors"][0].startswith("ValueError: the partner does not know order")
    assert "Traceback (most recent call last)" in run.output


@pytest.mark.parametrize(
    "variant", ["one_by_one", "gathered", "dependency_commit", "exception_handler"]
)
def test_the_server_logs_the_exception_of_a_task(play: Play, variant: str) -> None:
    assert "Exception in ASGI application" in play("failing_task", variant).output


def test_the_task_after_the_failing_one_never_starts(play: Play) -> None:
    facts = facts_of(play("failing_task", "one_by_one"))
    assert facts["order"] == ["create_order", "send_receipt", "notify_partner"]
    assert facts["lost"] == ["notify_partner", "update_statistics"]


def test_the_sibling_of_a_failed_gather_goes_on_unobserved(play: Play) -> None:
    call = facts_of(play("failing_task", "gathered"))["call"]
    assert call["all_at_once"]["error"].startswith("ValueError")
    assert call["update_statistics"]["ended_ms"] > call["all_at_once"]["ended_ms"] + 100
    assert "error" not in call["update_statistics"]


def test_guarded_tasks_all_run_and_the_guard_logs(play: Play) -> None:
    run = play("failing_task", "guarded")
    assert facts_of(run)["finished"][-2:] == ["update_statistics", "guarded"]
    assert "A background task of order lamp failed" in run.output
    assert "Exception in ASGI application" not in run.output


def test_today_a_failing_task_rolls_back_what_the_client_was_told_is_saved(play: Play) -> None:
    facts = facts_of(play("failing_task", "dependency_commit"))
    assert facts["extra"]["rows_saved"] == 0
    assert facts["call"]["get_session"]["ended_ms"] > facts["call"]["notify_partner"]["ended_ms"]


def test_in_fastapi_0_117_the_row_was_committed_before_the_response(play: Play) -> None:
    run = play("failing_task", "dependency_commit", "fastapi-0.117")
    facts = facts_of(run)
    assert run.versions["fastapi"] == "0.117.1"
    assert facts["extra"]["rows_saved"] == 1
    assert facts["call"]["get_session"]["ended_ms"] <= facts["response"]["sent_ms"]


def test_in_function_scope_the_row_is_committed_before_the_response(play: Play) -> None:
    facts = facts_of(play("failing_task", "function_scope"))
    assert facts["extra"]["rows_saved"] == 1
    assert facts["call"]["get_session"]["ended_ms"] <= facts["response"]["sent_ms"]


def test_a_handler_for_every_exception_learns_of_a_failed_task(play: Play) -> None:
    run = play("failing_task", "exception_handler")
    assert facts_of(run)["count"]["report_error"] == 1
    assert facts_of(run)["response"]["status"] == 200
    assert "POST /orders/lamp failed: the partner does not know order lamp" in run.output


def test_a_failed_task_takes_the_next_request_on_its_connection_with_it(play: Play) -> None:
    run = play("failing_task", "keep_alive")
    answers = [span for span in run.timeline.spans if span.lane == CLIENT]
    assert [span.error is None for span in answers] == [True, False]
    assert answers[1].end_ms
    assert answers[1].end_ms < facts_of(run)["call"]["read_statistics"]["ended_ms"]


# thread_pool


def test_no_more_tasks_run_at_once_than_the_pool_has_tokens(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    first_end = min(span.end_ms or 0.0 for span in tasks)
    assert len(tasks) == 8
    assert sum(span.start_ms < first_end for span in tasks) == 4


def test_the_others_are_seen_to_queue_for_a_thread(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    assert sum(span.milliseconds("queued") > AT_ONCE_MS for span in tasks) == 4


def test_a_full_pool_lets_a_sync_endpoint_wait_and_an_async_one_not(play: Play) -> None:
    facts = facts_of(play("thread_pool", "one_a_request"))
    assert facts["extra"]["sync_ms"] > AT_ONCE_MS
    assert facts["extra"]["async_ms"] < AT_ONCE_MS


# one_request


def test_a_query_only_waits_and_a_chart_holds_its_thread(play: Play) -> None:
    run = play("one_request", "report")
    (query,), (chart,) = calls_of(run, "query_sales"), calls_of(run, "draw_chart")
    assert query.milliseconds("suspended") > AT_ONCE_MS > query.milliseconds("running")
    assert chart.milliseconds("running") > AT_ONCE_MS
    assert chart.thread != query.thread


def test_nothing_of_one_request_runs_in_the_background(play: Play) -> None:
    facts = facts_of(play("one_request", "report"))
    assert "background_ms" not in facts
    assert facts["call"]["draw_chart"]["ended_ms"] < facts["response"]["sent_ms"]


# Queues: who tries again, and what a killed worker leaves.


@pytest.mark.parametrize(
    ("variant", "environment"), [("celery", "current"), ("rq", "current"), ("arq", "arq")]
)
def test_a_queue_that_is_told_to_tries_until_it_succeeds(
    play: Play, variant: str, environment: str
) -> None:
    run = play("retries", variant, environment)
    tries = calls_of(run, "send_order")
    assert [span.attempt for span in tries] == [1, 2, 3]
    assert [span.ended_by for span in tries] == ["failed", "failed", "succeeded"]
    assert all(span.background for span in tries)
    for before, after in zip(tries, tries[1:], strict=False):
        (wait,) = (part for part in after.parts if part.state == "queued")
        assert wait.start_ms == before.end_ms
        # RQ's scheduler looks once a second, and may look early.
        assert after.start_ms - (before.end_ms or 0.0) > 500


@pytest.mark.parametrize(
    ("variant", "environment"),
    [
        ("background_tasks", "current"),
        ("celery_default", "current"),
        ("rq_default", "current"),
        ("arq_default", "arq"),
    ],
)
def test_by_default_nobody_tries_again(play: Play, variant: str, environment: str) -> None:
    facts = facts_of(play("retries", variant, environment))
    assert facts["count"]["send_order"] == 1
    assert facts["lost"] == ["send_order"]
    assert facts["response"]["status"] == 200


def test_a_killed_web_process_takes_its_background_task_with_it(play: Play) -> None:
    facts = facts_of(play("crash", "background_tasks"))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert "ended_ms" not in facts["call"]["bill"]


def test_celery_as_it_is_loses_a_killed_task_and_says_pending_for_ever(play: Play) -> None:
    facts = facts_of(play("crash", "celery"))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert facts["extra"]["state"] == "PENDING"


@pytest.mark.parametrize(
    ("variant", "environment", "state"),
    [("celery_late", "current", "SUCCESS"), ("arq", "arq", "complete")],
)
def test_a_late_acknowledgement_or_an_expired_mark_runs_it_again(
    play: Play, variant: str, environment: str, state: str
) -> None:
    run = play("crash", variant, environment)
    first, again = calls_of(run, "bill")
    assert (first.ended_by, again.ended_by) == (None, "succeeded")
    assert (first.attempt, again.attempt) == (1, 2)
    assert first.process != again.process
    assert facts_of(run)["extra"]["state"] == state


def test_rq_marks_the_job_of_a_killed_horse_failed_and_leaves_it(play: Play) -> None:
    facts = facts_of(play("crash", "rq"))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert facts["extra"]["state"] == "failed"


# A broker or a deploy in the way.


@pytest.mark.parametrize(("variant", "left"), [("memory", 0), ("append_only", 5)])
def test_what_a_killed_broker_keeps_is_a_matter_of_its_configuration(
    play: Play, variant: str, left: int
) -> None:
    facts = facts_of(play("broker_crash", variant))
    assert facts["response"]["status"] == 200
    assert facts["extra"]["left"] == left


def test_uvicorn_as_it_is_waits_for_background_tasks(play: Play) -> None:
    facts = facts_of(play("shutdown", "uvicorn"))
    assert facts["finished"][-2:] == ["export", "notify"]
    assert facts["lost"] == []


def test_a_graceful_time_out_cancels_the_task_and_drops_the_next(play: Play) -> None:
    run = play("shutdown", "uvicorn_timeout")
    (export,) = calls_of(run, "export")
    assert export.ended_by == "cancelled"
    assert facts_of(run)["lost"] == ["export", "notify"]
    assert facts_of(run)["count"]["notify"] == 0


def test_a_detached_task_is_gone_and_told_nothing(play: Play) -> None:
    (export,) = calls_of(play("shutdown", "detached"), "export")
    assert (export.end_ms, export.ended_by) == (None, None)


def test_an_arq_worker_that_is_stopped_leaves_the_job_to_start_again(play: Play) -> None:
    first, again = calls_of(play("shutdown", "arq", "arq"), "export")
    assert (first.ended_by, again.ended_by) == ("cancelled", "succeeded")
    assert again.attempt == 2
    assert (again.end_ms or 0.0) - again.start_ms > 1400


def test_a_celery_worker_that_is_stopped_finishes_its_task(play: Play) -> None:
    (export,) = calls_of(play("shutdown", "celery"), "export")
    assert export.ended_by == "succeeded"


# A job every second.


@pytest.mark.parametrize(
    ("variant", "environment", "times"),
    [
        ("one_process", "current", 1),
        ("two_processes", "current", 2),
        ("locked", "current", 1),
        ("arq_unique", "arq", 1),
        ("arq_each", "arq", 3),
        ("beat", "current", 1),
        ("two_beats", "current", 2),
    ],
)
def test_how_often_a_periodic_job_runs_depends_on_who_schedules_it(
    play: Play, variant: str, environment: str, times: int
) -> None:
    facts = facts_of(play("schedule", variant, environment))
    slots = facts["extra"]["expected"]
    # A busy machine may see one slot more or less at the edges of the time watched.
    assert abs(facts["count"]["cleanup"] - times * slots) <= times
    assert all(call["background"] for call in facts["calls"] if call["name"] == "cleanup")


def test_an_interval_longer_than_the_process_lives_never_comes(play: Play) -> None:
    facts = facts_of(play("schedule", "restarted"))
    assert facts["count"]["cleanup"] == 0
    assert facts["count"]["lifespan"] == 4


# A client that polls.


@pytest.mark.parametrize(
    ("variant", "environment", "status", "state"),
    [
        ("printed", "arq", 500, "an error"),
        ("right", "arq", 200, "done"),
        ("failed", "arq", 200, "failed"),
        ("failed_raw", "arq", 500, "an error"),
        ("unknown", "arq", 404, "an error"),
        ("unknown_raw", "arq", 200, "not_found"),
        ("unknown_celery", "current", 200, "PENDING"),
    ],
)
def test_what_a_poll_is_told_at_the_end(
    play: Play, variant: str, environment: str, status: int, state: str
) -> None:
    extra = facts_of(play("poll", variant, environment))["extra"]
    assert (extra["status"], extra["state"]) == (status, state)


def test_a_client_asks_until_the_report_is_there(play: Play) -> None:
    facts = facts_of(play("poll", "right", "arq"))
    assert facts["responses"][0]["status"] == 202
    assert facts["extra"]["polls"] >= 3
