"""What `crash` is there to show, in real runs."""

import pytest

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("crash")


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
    [
        ("celery_late", "current", "SUCCESS"),
        ("celery_rabbitmq", "current", "SUCCESS"),
        ("arq", "arq", "complete"),
    ],
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


def test_rabbitmq_hands_out_again_at_once_what_redis_holds_back(play: Play) -> None:
    waits = {}
    for variant in ("celery_rabbitmq", "celery_late"):
        run = play("crash", variant)
        (killed,) = (event for event in run.timeline.events if event.event == "killed")
        _, again = calls_of(run, "bill")
        waits[variant] = again.start_ms - killed.at_ms
    # To start another worker is all that RabbitMQ waits for; its visibility timeout is 2 s.
    assert waits["celery_rabbitmq"] < waits["celery_late"]
    assert waits["celery_late"] > 1500


def test_the_second_delivery_says_that_it_is_one(play: Play) -> None:
    run = play("crash", "celery_rabbitmq")
    assert [event.name for event in run.timeline.events if event.event == "redelivered"] == ["bill"]
