"""Facts that the demo `rate_limit` shows in real runs."""

import pytest

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("rate_limit")
VARIANTS = [
    ("background_tasks", "current"),
    ("celery", "current"),
    ("celery_two", "current"),
    ("arq", "arq"),
]


@pytest.mark.parametrize(("variant", "environment"), VARIANTS)
def test_the_partner_counts_twenty_calls_and_refuses_what_is_too_much(
    play: Play, variant: str, environment: str
) -> None:
    run = play("rate_limit", variant, environment)
    facts = facts_of(run)
    assert facts["count"]["charge"] == facts["count"]["take_charge"] == 20
    refused = [call for call in calls_of(run, "take_charge") if call.error]
    assert all(call.error == "HTTPException: 429: Too many calls" for call in refused)
    assert facts["extra"]["refused"] == len(refused)


def test_background_tasks_call_one_by_one_as_fast_as_they_are_answered(play: Play) -> None:
    run = play("rate_limit", "background_tasks")
    assert facts_of(run)["extra"]["rate"] > 6
    assert facts_of(run)["extra"]["refused"] >= 3
    charges = calls_of(run, "charge")
    for before, after in zip(charges, charges[1:], strict=False):
        assert before.end_ms
        assert before.end_ms <= after.start_ms


def test_one_celery_worker_keeps_the_rate_limit_of_its_task(play: Play) -> None:
    extra = facts_of(play("rate_limit", "celery"))["extra"]
    assert extra["refused"] == 0
    assert extra["rate"] == pytest.approx(4, abs=0.8)


def test_two_celery_workers_make_twice_the_rate(play: Play) -> None:
    run = play("rate_limit", "celery_two")
    extra = facts_of(run)["extra"]
    assert len({call.process for call in calls_of(run, "charge")}) == 2
    assert extra["rate"] > 1.5 * facts_of(play("rate_limit", "celery"))["extra"]["rate"]
    assert extra["refused"] >= 3


def test_arq_limits_concurrent_jobs_and_not_their_rate(play: Play) -> None:
    run = play("rate_limit", "arq", "arq")
    charges = calls_of(run, "charge")
    at_once = [
        sum(one.start_ms <= call.start_ms < (one.end_ms or 0) for one in charges)
        for call in charges
    ]
    assert 1 < max(at_once) <= 5
    assert facts_of(run)["extra"]["rate"] > 6
    assert facts_of(run)["extra"]["refused"] >= 3
