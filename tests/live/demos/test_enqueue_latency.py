"""Facts that the demo `enqueue_latency` shows in real runs."""

import pytest

from tests.live.once import Play, calls_of, facts_of, variants_of

WANTED = variants_of("enqueue_latency")
POLL_MS = 500.0


def median_of(play: Play, variant: str) -> float:
    return float(facts_of(play("enqueue_latency", variant))["extra"]["wait_median_ms"])


@pytest.mark.parametrize("variant", ["arq", "celery", "rq"])
def test_every_order_is_billed_once_and_waits_for_no_other(play: Play, variant: str) -> None:
    bills = calls_of(play("enqueue_latency", variant), "bill")
    assert [bill.ended_by for bill in bills] == ["succeeded"] * 6
    assert all(
        one.end_ms is not None and one.end_ms <= other.start_ms
        for one, other in zip(bills, bills[1:], strict=False)
    )


def test_a_polling_worker_starts_a_job_at_its_next_poll(play: Play) -> None:
    said = facts_of(play("enqueue_latency", "arq"))["extra"]
    assert POLL_MS / 5 < said["wait_median_ms"] < POLL_MS
    assert said["wait_worst_ms"] > POLL_MS / 2


@pytest.mark.parametrize("variant", ["celery", "rq"])
def test_a_worker_that_blocks_on_its_queue_starts_a_job_at_once(play: Play, variant: str) -> None:
    assert median_of(play, variant) < POLL_MS / 5
    assert median_of(play, variant) < median_of(play, "arq")
