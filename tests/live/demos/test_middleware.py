"""Facts that the demo `middleware` shows in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, DEMOS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("middleware")


@pytest.mark.parametrize("variant", DEMOS["middleware"].variants)
def test_every_task_still_runs_after_the_response(play: Play, variant: str) -> None:
    facts = facts_of(play("middleware", variant))
    tasks = [call for call in facts["calls"] if call["background"]]
    assert tasks
    assert all(task["started_ms"] >= facts["response"]["sent_ms"] for task in tasks)


@pytest.mark.parametrize("variant", ["base_http", "response_start"])
def test_a_timer_that_stops_when_the_response_starts_excludes_the_task(
    play: Play, variant: str
) -> None:
    assert facts_of(play("middleware", variant))["extra"]["process_time_ms"] < AT_ONCE_MS


def test_dispatch_returns_before_the_task_starts(play: Play) -> None:
    call = facts_of(play("middleware", "base_http"))["call"]
    assert call["dispatch"]["ended_ms"] <= call["write_log"]["started_ms"]


def test_a_timer_around_the_app_includes_the_task(play: Play) -> None:
    run = play("middleware", "pure_asgi")
    facts = facts_of(run)
    assert facts["extra"]["process_time_ms"] >= facts["call"]["write_log"]["took_ms"]
    assert facts["response"]["received_ms"] < AT_ONCE_MS
    assert (calls_of(run, "__call__")[-1].end_ms or 0) >= facts["call"]["write_log"]["ended_ms"]


def test_a_task_of_the_middleware_runs_before_tasks_of_the_handler(play: Play) -> None:
    facts = facts_of(play("middleware", "own_task"))
    assert facts["order"] == ["dispatch", "create_item", "write_audit", "send_mail"]
    assert facts["call"]["send_mail"]["started_ms"] >= facts["call"]["write_audit"]["ended_ms"]
