"""Facts that the demo `shutdown` shows in real runs."""

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("shutdown")


def test_uvicorn_waits_for_background_tasks_by_default(play: Play) -> None:
    facts = facts_of(play("shutdown", "uvicorn"))
    assert facts["finished"][-2:] == ["export", "notify"]
    assert facts["lost"] == []


def test_a_graceful_timeout_cancels_the_task_and_drops_the_next(play: Play) -> None:
    run = play("shutdown", "uvicorn_timeout")
    (export,) = calls_of(run, "export")
    assert export.ended_by == "cancelled"
    assert facts_of(run)["lost"] == ["export", "notify"]
    assert facts_of(run)["count"]["notify"] == 0


def test_a_detached_task_disappears_without_a_cancellation(play: Play) -> None:
    (export,) = calls_of(play("shutdown", "detached"), "export")
    assert (export.end_ms, export.ended_by) == (None, None)


def test_a_stopped_arq_worker_leaves_the_job_for_another_start(play: Play) -> None:
    first, again = calls_of(play("shutdown", "arq", "arq"), "export")
    assert (first.ended_by, again.ended_by) == ("cancelled", "succeeded")
    assert again.attempt == 2
    assert (again.end_ms or 0.0) - again.start_ms > 1400


def test_a_stopped_celery_worker_finishes_its_task(play: Play) -> None:
    (export,) = calls_of(play("shutdown", "celery"), "export")
    assert export.ended_by == "succeeded"
