"""Facts that the demo `celery` shows in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("celery")


def test_delay_returns_at_once_and_another_process_returns_the_result(
    play: Play,
) -> None:
    run = play("celery", "prefork")
    facts = facts_of(run)
    mail = facts["call"]["send_email_task"]
    assert facts["response"]["received_ms"] < mail["ended_ms"]
    assert facts["call"]["signup"]["took_ms"] < AT_ONCE_MS
    assert mail["process"] != facts["call"]["signup"]["process"]
    assert mail["lane"] == f"celery worker {mail['process']}"
    assert facts["extra"]["state"] == "SUCCESS"
    assert facts["extra"]["result"] == "Welcome! is on its way to ada@example.com"


def test_a_child_of_the_prefork_worker_runs_the_task(
    play: Play,
) -> None:
    run = play("celery", "prefork")
    assert "concurrency: 2 (prefork)" in run.output
    started = {program.pid for program in run.timeline.processes}
    assert any("celery" in program.name for program in run.timeline.processes)
    assert facts_of(run)["call"]["send_email_task"]["process"] not in started


def test_a_dead_broker_blocks_every_request_when_delay_retries_on_the_loop(play: Play) -> None:
    run = play("celery", "dead_broker")
    facts = facts_of(run)
    assert facts["response"]["status"] == 500
    assert facts["errors"][0].startswith("RuntimeError")
    assert facts["loop_blocked_ms"] >= 990
    assert facts["count"]["ping"] == 4
    for ping in calls_of(run, "ping"):
        assert ping.start_ms >= facts["call"]["signup"]["ended_ms"]


def test_only_the_sign_up_waits_for_a_dead_broker_when_delay_runs_in_a_thread(play: Play) -> None:
    run = play("celery", "dead_broker_threaded")
    facts = facts_of(run)
    assert facts["response"]["status"] == 500
    assert facts["call"]["signup"]["took_ms"] >= 990
    assert facts["loop_blocked_ms"] < AT_ONCE_MS
    assert facts["count"]["ping"] == 4
    for ping in calls_of(run, "ping"):
        assert ping.end_ms
        assert ping.end_ms < facts["call"]["signup"]["ended_ms"]


def test_an_argument_that_json_refuses_fails_in_the_web_process(play: Play) -> None:
    facts = facts_of(play("celery", "whole_model"))
    assert facts["response"]["status"] == 500
    assert facts["errors"] == ["EncodeError: Object of type UserCreate is not JSON serializable"]
    assert facts["extra"]["queued"] == 0


def test_json_changes_keys_and_tuples_and_celery_restores_dates(play: Play) -> None:
    facts = facts_of(play("celery", "odd_types"))
    assert facts["extra"]["state"] == "SUCCESS"
    assert facts["extra"]["result"] == "{'7': 'lamp'}, [30, 40], datetime.date(2026, 12, 1)"


def test_the_body_of_an_async_task_never_runs(play: Play) -> None:
    facts = facts_of(play("celery", "async_task"))
    assert facts["response"]["status"] == 200
    assert facts["count"]["send_email_task"] == 0
    assert facts["lost"] == ["send_email_task"]
    assert facts["extra"]["state"] == "FAILURE"
    assert "coroutine is not JSON serializable" in facts["extra"]["result"]


def test_a_worker_that_loads_the_fastapi_app_fails_and_a_named_app_works(
    play: Play,
) -> None:
    run = play("celery", "one_module")
    facts = facts_of(run)
    (ended,) = [event for event in run.timeline.events if event.event == "exited"]
    assert facts["extra"]["worker_ended"] is True
    assert ended.detail["code"] == 1
    assert "'FastAPI' object has no attribute" in run.output
    assert facts["call"]["send_email_task"]["started_ms"] > ended.at_ms
    assert facts["extra"]["state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("variant", "environment", "error"),
    [
        ("without_extra", "celery-no-extra", "ModuleNotFoundError: No module named 'packaging'"),
        (
            "beside_arq",
            "celery-beside-arq",
            "VersionMismatch: Redis transport requires redis-py versions 6.1.0",
        ),
    ],
)
def test_without_celery_s_extra_for_redis_both_sides_fail(
    play: Play, variant: str, environment: str, error: str
) -> None:
    run = play("celery", variant, environment)
    facts = facts_of(run)
    assert facts["response"]["status"] == 500
    assert facts["errors"][0].startswith(error)
    assert facts["count"]["send_email_task"] == 0
    assert facts["extra"]["worker_ended"] is True


def test_a_module_level_async_client_fails_in_the_second_task_of_a_process(
    play: Play,
) -> None:
    run = play("celery", "kept_client")
    first, second = calls_of(run, "count_signup")
    assert first.process == second.process
    assert (first.ended_by, second.ended_by) == ("succeeded", "failed")
    assert facts_of(run)["extra"]["state"] == "FAILURE"
    assert facts_of(run)["extra"]["result"] == "Event loop is closed"


def test_an_async_client_created_in_each_task_works_every_time(play: Play) -> None:
    run = play("celery", "inside_client")
    assert [call.ended_by for call in calls_of(run, "count_signup")] == ["succeeded"] * 2
    assert facts_of(run)["extra"]["result"] == "2"
