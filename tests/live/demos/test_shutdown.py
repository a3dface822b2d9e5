"""What `shutdown` is there to show, in real runs."""

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("shutdown")


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
