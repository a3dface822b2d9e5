"""Facts that the demo `failing_task` shows in real runs."""

import pytest

from tests.live.once import DEMOS, Play, facts_of, variants_of

WANTED = variants_of("failing_task")


@pytest.mark.parametrize("variant", DEMOS["failing_task"].variants)
def test_the_client_receives_200_although_a_task_fails(play: Play, variant: str) -> None:
    run = play("failing_task", variant)
    assert facts_of(run)["response"]["status"] == 200
    assert facts_of(run)["errors"][0].startswith("ValueError: the partner does not know order")
    assert "Traceback (most recent call last)" in run.output


@pytest.mark.parametrize(
    "variant", ["one_by_one", "gathered", "dependency_commit", "exception_handler"]
)
def test_the_server_logs_the_exception_of_a_task(play: Play, variant: str) -> None:
    assert "Exception in ASGI application" in play("failing_task", variant).output


def test_the_task_after_the_failing_one_never_starts(play: Play) -> None:
    facts = facts_of(play("failing_task", "one_by_one"))
    assert facts["order"] == ["create_order", "send_receipt", "notify_partner"]
    assert facts["lost"] == ["notify_partner", "update_statistics"]


def test_after_a_failed_gather_the_other_task_continues(play: Play) -> None:
    call = facts_of(play("failing_task", "gathered"))["call"]
    assert call["all_at_once"]["error"].startswith("ValueError")
    assert call["update_statistics"]["ended_ms"] > call["all_at_once"]["ended_ms"] + 100
    assert "error" not in call["update_statistics"]


def test_guarded_tasks_all_run_and_the_guard_logs(play: Play) -> None:
    run = play("failing_task", "guarded")
    assert facts_of(run)["finished"][-2:] == ["update_statistics", "guarded"]
    assert "A background task of order lamp failed" in run.output
    assert "Exception in ASGI application" not in run.output


def test_today_a_failing_task_rolls_back_the_row_after_a_200(play: Play) -> None:
    facts = facts_of(play("failing_task", "dependency_commit"))
    assert facts["extra"]["rows_saved"] == 0
    assert facts["call"]["get_session"]["ended_ms"] > facts["call"]["notify_partner"]["ended_ms"]


def test_in_fastapi_0_117_the_row_was_committed_before_the_response(play: Play) -> None:
    run = play("failing_task", "dependency_commit", "fastapi-0.117")
    facts = facts_of(run)
    assert run.versions["fastapi"] == "0.117.1"
    assert facts["extra"]["rows_saved"] == 1
    assert facts["call"]["get_session"]["ended_ms"] <= facts["response"]["sent_ms"]


def test_in_function_scope_the_row_is_committed_before_the_response(play: Play) -> None:
    facts = facts_of(play("failing_task", "function_scope"))
    assert facts["extra"]["rows_saved"] == 1
    assert facts["call"]["get_session"]["ended_ms"] <= facts["response"]["sent_ms"]


def test_an_exception_handler_receives_the_error_of_a_failed_task(play: Play) -> None:
    run = play("failing_task", "exception_handler")
    assert facts_of(run)["count"]["report_error"] == 1
    assert facts_of(run)["response"]["status"] == 200
    assert "POST /orders/lamp failed: the partner does not know order lamp" in run.output
