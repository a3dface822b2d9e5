"""Facts that the demo `task_order` shows in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, DEMOS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("task_order")


def test_tasks_added_one_by_one_take_the_sum_of_their_durations(play: Play) -> None:
    facts = facts_of(play("task_order", "one_by_one"))
    assert facts["call"]["task_b"]["started_ms"] >= facts["call"]["task_a"]["ended_ms"]
    assert facts["background_ms"] == pytest.approx(3000, abs=100)


def test_gathered_tasks_take_as_long_as_the_longer_task(play: Play) -> None:
    facts = facts_of(play("task_order", "gathered"))
    assert facts["finished"][-3:] == ["task_b", "task_a", "both_tasks"]
    assert facts["background_ms"] == pytest.approx(2000, abs=100)


def test_gathered_tasks_that_block_take_the_sum_of_their_durations(play: Play) -> None:
    facts = facts_of(play("task_order", "gathered_blocking"))
    assert facts["background_ms"] == pytest.approx(3000, abs=100)
    assert facts["loop_blocked_ms"] >= 1990


def test_gathered_threads_take_as_long_as_the_longer_task_and_do_not_block_the_loop(
    play: Play,
) -> None:
    facts = facts_of(play("task_order", "gathered_threads"))
    assert facts["background_ms"] == pytest.approx(2000, abs=100)
    assert facts["loop_blocked_ms"] < AT_ONCE_MS


def test_the_task_lists_of_two_requests_run_concurrently(play: Play) -> None:
    run = play("task_order", "two_requests")
    first, second = calls_of(run, "task_a")
    assert first.end_ms
    assert second.start_ms < first.end_ms
    assert facts_of(run)["background_ms"] == pytest.approx(3000, abs=150)


def test_task_order_has_two_durations_and_nothing_else() -> None:
    assert list(DEMOS["task_order"].parameters) == ["task_a_seconds", "task_b_seconds"]
