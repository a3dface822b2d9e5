"""Facts that the demo `retries` shows in real runs."""

import pytest

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("retries")


@pytest.mark.parametrize(
    ("variant", "environment"), [("celery", "current"), ("rq", "current"), ("arq", "arq")]
)
def test_a_queue_with_retries_runs_the_task_until_it_succeeds(
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
def test_by_default_nothing_retries_a_failed_task(
    play: Play, variant: str, environment: str
) -> None:
    facts = facts_of(play("retries", variant, environment))
    assert facts["count"]["send_order"] == 1
    assert facts["lost"] == ["send_order"]
    assert facts["response"]["status"] == 200
