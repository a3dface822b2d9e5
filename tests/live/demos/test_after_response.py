"""Facts that the demo `after_response` shows in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("after_response")


@pytest.mark.parametrize("variant", ["injected", "response_background"])
def test_the_log_line_is_written_after_the_response(play: Play, variant: str) -> None:
    facts = facts_of(play("after_response", variant))
    task, response = facts["call"]["write_log"], facts["response"]
    assert task["started_ms"] >= response["sent_ms"]
    assert task["ended_ms"] > response["received_ms"]
    assert facts["extra"]["log_lines"] == 1


def test_tasks_of_a_dependency_run_before_tasks_of_the_handler(play: Play) -> None:
    facts = facts_of(play("after_response", "from_dependency"))
    assert facts["order"] == ["current_user", "create_item", "write_log", "send_mail"]
    assert facts["call"]["send_mail"]["started_ms"] >= facts["call"]["write_log"]["ended_ms"]


def test_a_blocking_task_delays_the_rest_of_a_large_response(play: Play) -> None:
    facts = facts_of(play("after_response", "large_body"))
    task, response = facts["call"]["write_log"], facts["response"]
    assert response["sent_ms"] <= task["started_ms"]
    assert response["received_ms"] >= task["ended_ms"]
