"""Facts that the demo `crash` shows in real runs."""

import sys

import pytest

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("crash")


def test_a_killed_web_process_loses_its_background_task(play: Play) -> None:
    facts = facts_of(play("crash", "background_tasks"))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert "ended_ms" not in facts["call"]["bill"]


@pytest.mark.parametrize("variant", ["celery_child", "celery_late_child"])
def test_celery_fails_a_task_whose_pool_process_is_killed_without_a_retry(
    play: Play, variant: str
) -> None:
    facts = facts_of(play("crash", variant))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert facts["extra"]["state"] == "FAILURE"


@pytest.mark.parametrize("variant", ["celery_child", "celery_late_child"])
def test_the_main_process_reports_a_lost_pool_process_within_five_seconds(
    play: Play, variant: str
) -> None:
    events = play("crash", variant).timeline.events
    (killed,) = (event for event in events if event.event == "killed")
    (lost,) = (event for event in events if event.event == "lost")
    assert lost.name == "bill"
    assert lost.process != killed.process
    assert lost.detail["error"].startswith("WorkerLostError: Worker exited prematurely: signal 9")
    assert 0 <= lost.at_ms - killed.at_ms < 5500


def test_reject_on_worker_lost_runs_the_task_in_another_process_of_the_same_worker(
    play: Play,
) -> None:
    run = play("crash", "celery_reject_child")
    first, again = calls_of(run, "bill")
    assert (first.ended_by, again.ended_by) == (None, "succeeded")
    assert first.process != again.process
    assert facts_of(run)["extra"]["state"] == "SUCCESS"
    workers = [p for p in run.timeline.processes if p.name == "celery worker"]
    assert [worker.end_ms for worker in workers] == [None]


@pytest.mark.parametrize("variant", ["celery", "celery_parent"])
def test_the_state_of_a_task_stays_pending_after_a_kill_of_the_main_process(
    play: Play, variant: str
) -> None:
    if variant == "celery_parent" and sys.platform != "linux":
        pytest.skip("Only Linux ends the pool processes of a killed main process.")
    facts = facts_of(play("crash", variant))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert facts["extra"]["state"] == "PENDING"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends the pool processes.")
def test_on_linux_the_pool_process_dies_with_a_killed_main_process(play: Play) -> None:
    run = play("crash", "celery_parent")
    (bill,) = calls_of(run, "bill")
    ends = {e.process: e.at_ms for e in run.timeline.events if e.event == "killed"}
    assert len(ends) == 2
    assert abs(ends.pop(bill.process) - max(ends.values())) < 250


@pytest.mark.parametrize(
    ("variant", "environment", "state"),
    [
        ("celery_late", "current", "SUCCESS"),
        ("celery_rabbitmq", "current", "SUCCESS"),
        ("arq", "arq", "complete"),
    ],
)
def test_a_task_of_a_killed_worker_runs_again_if_the_queue_still_has_it(
    play: Play, variant: str, environment: str, state: str
) -> None:
    run = play("crash", variant, environment)
    first, again = calls_of(run, "bill")
    assert (first.ended_by, again.ended_by) == (None, "succeeded")
    assert (first.attempt, again.attempt) == (1, 2)
    assert first.process != again.process
    assert facts_of(run)["extra"]["state"] == state


def test_rq_fails_a_job_whose_child_process_is_killed_without_a_retry(play: Play) -> None:
    facts = facts_of(play("crash", "rq"))
    assert facts["count"]["bill"] == 1
    assert facts["lost"] == ["bill"]
    assert facts["extra"]["state"] == "failed"


def test_rabbitmq_redelivers_at_once_and_redis_after_the_visibility_timeout(play: Play) -> None:
    waits = {}
    for variant in ("celery_rabbitmq", "celery_late"):
        run = play("crash", variant)
        killed = [event for event in run.timeline.events if event.event == "killed"]
        _, again = calls_of(run, "bill")
        waits[variant] = again.start_ms - killed[-1].at_ms
    # RabbitMQ only waits for the new worker. The visibility timeout is 2 s.
    assert waits["celery_rabbitmq"] < waits["celery_late"]
    assert waits["celery_late"] > 1500


@pytest.mark.parametrize("variant", ["celery_rabbitmq", "celery_late", "celery_reject_child"])
def test_the_second_delivery_is_marked_as_redelivered(play: Play, variant: str) -> None:
    run = play("crash", variant)
    assert [event.name for event in run.timeline.events if event.event == "redelivered"] == ["bill"]
