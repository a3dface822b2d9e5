"""Facts that the demo `dropped_tasks` shows in real runs."""

import json

import pytest

from quiz.timeline import CLIENT
from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("dropped_tasks")
DROPPED = ["raising", "own_instance", "returned_list", "both", "websocket", "dependency_exit"]


@pytest.mark.parametrize("variant", DROPPED)
def test_a_dropped_task_writes_no_line_and_raises_no_error(play: Play, variant: str) -> None:
    facts = facts_of(play("dropped_tasks", variant))
    assert facts["count"]["write_log"] == 0
    assert facts["lost"] == ["write_log"]
    assert facts["extra"]["log_lines"] == 0
    assert [error for error in facts["errors"] if not error.startswith("HTTPException")] == []


@pytest.mark.parametrize("variant", ["returned_error", "attached", "function_scope"])
def test_a_task_attached_to_a_returned_response_runs_after_it(play: Play, variant: str) -> None:
    facts = facts_of(play("dropped_tasks", variant))
    assert facts["call"]["write_log"]["started_ms"] >= facts["response"]["sent_ms"]
    assert facts["extra"]["log_lines"] == 1
    assert facts["lost"] == []


@pytest.mark.parametrize(
    ("variant", "status"),
    [("raising", 409), ("returned_error", 409), ("own_instance", 200), ("dependency_exit", 200)],
)
def test_the_status_does_not_depend_on_the_tasks(play: Play, variant: str, status: int) -> None:
    assert facts_of(play("dropped_tasks", variant))["response"]["status"] == status


def test_a_task_of_the_returned_response_replaces_the_injected_tasks(play: Play) -> None:
    count = facts_of(play("dropped_tasks", "both"))["count"]
    assert (count["send_mail"], count["write_log"]) == (1, 0)


def test_a_returned_task_list_is_sent_to_the_client_with_its_arguments(play: Play) -> None:
    facts = facts_of(play("dropped_tasks", "returned_list"))
    assert facts["response"]["status"] == 200
    assert json.loads(facts["extra"]["body"])["tasks"][0]["args"] == ["Created item lamp"]


def test_a_websocket_client_is_answered_and_the_task_is_dropped(play: Play) -> None:
    run = play("dropped_tasks", "websocket")
    (asked,) = [span for span in run.timeline.spans if span.lane == CLIENT]
    assert (asked.name, asked.error) == ("WS /items", None)
    assert facts_of(run)["call"]["create_items"]["ended_ms"] > 0


def test_only_in_the_default_scope_a_dependency_exits_after_the_response(play: Play) -> None:
    default, function = (
        facts_of(play("dropped_tasks", variant))
        for variant in ("dependency_exit", "function_scope")
    )
    assert default["call"]["audit"]["ended_ms"] >= default["response"]["sent_ms"]
    assert function["call"]["audit"]["ended_ms"] <= function["response"]["sent_ms"]
