"""Facts that the demo `long_task` shows in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("long_task")
WORK_MS = 1500.0


@pytest.mark.parametrize("variant", ["awaiting", "computing", "worker"])
def test_another_client_is_answered_during_the_task(play: Play, variant: str) -> None:
    said = facts_of(play("long_task", variant))["extra"]
    assert said["pings"] >= 10
    assert said["ping_median_ms"] <= said["ping_worst_ms"] < WORK_MS / 2


def test_a_task_that_blocks_the_loop_delays_every_response_until_it_ends(play: Play) -> None:
    run = play("long_task", "blocking")
    said = facts_of(run)["extra"]
    assert said["pings"] <= 2
    assert said["ping_worst_ms"] > WORK_MS - 250
    assert facts_of(run)["loop_blocked_ms"] >= WORK_MS - 10


def test_a_computing_thread_slows_every_response_and_a_waiting_task_does_not(play: Play) -> None:
    median = {
        variant: facts_of(play("long_task", variant))["extra"]["ping_median_ms"]
        for variant in ("awaiting", "computing")
    }
    # The interpreter's lock changes hands every 5 ms, and an answer needs it.
    assert median["computing"] > 4.0
    assert median["awaiting"] < median["computing"]


def test_a_worker_computes_in_another_process(play: Play) -> None:
    call = facts_of(play("long_task", "worker"))["call"]
    assert call["export"]["process"] != call["ping"]["process"]
    assert call["export"]["running_ms"] >= WORK_MS


@pytest.mark.parametrize("variant", ["awaiting", "blocking", "computing", "worker"])
def test_each_ping_is_a_point_of_the_curve(play: Play, variant: str) -> None:
    run = play("long_task", variant)
    (curve,) = run.timeline.curves
    assert len(curve.points) == facts_of(run)["extra"]["pings"]
    assert max(ms for _, ms in curve.points) == facts_of(run)["extra"]["ping_worst_ms"]
