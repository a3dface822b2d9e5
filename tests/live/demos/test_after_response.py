"""What `after_response` is there to show, in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, Play, facts_of, variants_of

WANTED = variants_of("after_response")


@pytest.mark.parametrize("variant", ["injected", "response_background", "middleware"])
def test_the_log_line_is_written_after_the_response(play: Play, variant: str) -> None:
    facts = facts_of(play("after_response", variant))
    task, response = facts["call"]["write_log"], facts["response"]
    assert task["started_ms"] >= response["sent_ms"]
    assert task["ended_ms"] > response["received_ms"]
    assert facts["extra"]["log_lines"] == 1


def test_of_two_ways_at_once_only_the_response_s_own_task_runs(play: Play) -> None:
    facts = facts_of(play("after_response", "both"))
    assert facts["count"]["send_mail"] == 1
    assert facts["count"]["write_log"] == 0
    assert facts["lost"] == ["write_log"]
    assert facts["extra"]["log_lines"] == 0


def test_a_middleware_s_clock_stops_before_the_task_starts(play: Play) -> None:
    facts = facts_of(play("after_response", "middleware"))
    assert facts["call"]["dispatch"]["ended_ms"] <= facts["call"]["write_log"]["started_ms"]
    assert facts["extra"]["process_time_ms"] < AT_ONCE_MS


def test_a_handler_that_raises_drops_its_tasks(play: Play) -> None:
    facts = facts_of(play("after_response", "raising"))
    assert facts["response"]["status"] == 409
    assert facts["lost"] == ["write_log"]
    assert facts["extra"]["log_lines"] == 0


def test_a_handler_that_returns_an_error_keeps_its_tasks(play: Play) -> None:
    facts = facts_of(play("after_response", "returned_error"))
    assert facts["response"]["status"] == 409
    assert facts["call"]["write_log"]["started_ms"] >= facts["response"]["sent_ms"]
    assert facts["extra"]["log_lines"] == 1


def test_a_list_that_is_attached_to_nothing_never_runs(play: Play) -> None:
    facts = facts_of(play("after_response", "own_instance"))
    assert facts["response"]["status"] == 200
    assert facts["count"]["write_log"] == 0
    assert facts["errors"] == []


def test_a_dependency_s_task_comes_before_the_handler_s(play: Play) -> None:
    facts = facts_of(play("after_response", "from_dependency"))
    assert facts["order"] == ["current_user", "create_item", "write_log", "send_mail"]
    assert facts["call"]["send_mail"]["started_ms"] >= facts["call"]["write_log"]["ended_ms"]


def test_a_blocking_task_delays_the_rest_of_its_own_large_response(play: Play) -> None:
    facts = facts_of(play("after_response", "large_body"))
    task, response = facts["call"]["write_log"], facts["response"]
    assert response["sent_ms"] <= task["started_ms"]
    assert response["received_ms"] >= task["ended_ms"]
