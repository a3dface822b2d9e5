"""Facts that the demo `db_session` shows in real runs."""

import pytest

from quiz.timeline import CLIENT
from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("db_session")
VERSIONS = {"fastapi-0.117": "0.117.1", "fastapi-0.105": "0.105.0"}
# In these the dependency's exit comes when the background tasks have ended.
EXIT_LAST = ["current", "fastapi-0.105"]


@pytest.mark.parametrize("environment", VERSIONS)
def test_an_environment_runs_the_version_in_its_name(play: Play, environment: str) -> None:
    run = play("db_session", "request_scope", environment)
    assert run.versions["fastapi"] == VERSIONS[environment]


@pytest.mark.parametrize("environment", EXIT_LAST)
def test_today_and_in_0_105_the_response_precedes_the_task_and_the_commit(
    play: Play, environment: str
) -> None:
    facts = facts_of(play("db_session", "request_scope", environment))
    call, sent = facts["call"], facts["response"]["sent_ms"]
    assert facts["order"][-4:] == ["get_session", "create_order", "send_mail", "commit"]
    assert sent <= call["send_mail"]["started_ms"]
    assert call["send_mail"]["ended_ms"] <= call["commit"]["started_ms"]
    assert call["commit"]["ended_ms"] <= call["get_session"]["ended_ms"]


@pytest.mark.parametrize(
    ("variant", "environment"),
    [("request_scope", "fastapi-0.117"), ("function_scope", "current")],
)
def test_in_0_117_and_in_function_scope_the_commit_precedes_the_response_and_the_task(
    play: Play, variant: str, environment: str
) -> None:
    facts = facts_of(play("db_session", variant, environment))
    call, response = facts["call"], facts["response"]
    assert facts["order"][-4:] == ["get_session", "create_order", "commit", "send_mail"]
    assert call["commit"]["ended_ms"] <= call["get_session"]["ended_ms"] <= response["sent_ms"]
    assert response["sent_ms"] <= call["send_mail"]["started_ms"]
    assert response["received_ms"] >= facts["parameters"]["commit_seconds"] * 1000


@pytest.mark.parametrize("environment", EXIT_LAST)
def test_an_orm_object_still_has_its_session_today_and_in_0_105(
    play: Play, environment: str
) -> None:
    facts = facts_of(play("db_session", "orm_object", environment))
    assert facts["errors"] == []
    assert facts["count"]["send_mail"] == 1
    assert facts["call"]["get_session"]["ended_ms"] >= facts["call"]["confirm"]["ended_ms"]


@pytest.mark.parametrize(
    ("variant", "environment"),
    [("orm_object", "fastapi-0.117"), ("orm_object_closed", "current")],
)
def test_an_orm_object_is_detached_in_0_117_and_in_function_scope(
    play: Play, variant: str, environment: str
) -> None:
    facts = facts_of(play("db_session", variant, environment))
    assert facts["call"]["confirm"]["error"].startswith("DetachedInstanceError: Parent instance")
    assert facts["count"]["send_mail"] == 0
    assert facts["response"]["status"] == 200


@pytest.mark.parametrize("environment", EXIT_LAST)
def test_a_fresh_session_finds_nothing_before_the_dependency_has_committed(
    play: Play, environment: str
) -> None:
    run = play("db_session", "id_flushed", environment)
    assert facts_of(run)["errors"] == []
    assert facts_of(run)["count"]["send_mail"] == 0
    assert "There is no order 1" in run.output
    assert facts_of(run)["extra"]["rows_saved"] == 1


@pytest.mark.parametrize(
    ("variant", "environment"), [("id_flushed", "fastapi-0.117"), ("id_committed", "current")]
)
def test_a_fresh_session_finds_what_was_committed_before_the_response(
    play: Play, variant: str, environment: str
) -> None:
    facts = facts_of(play("db_session", variant, environment))
    assert facts["count"]["send_mail"] == 1
    assert facts["extra"]["rows_saved"] == 1


def test_a_lazy_relation_of_an_async_session_raises_missing_greenlet(play: Play) -> None:
    facts = facts_of(play("db_session", "lazy"))
    assert "MissingGreenlet" in facts["call"]["confirm"]["error"]
    assert facts["count"]["send_mail"] == 0


def test_an_eagerly_loaded_relation_needs_no_query(play: Play) -> None:
    facts = facts_of(play("db_session", "eager"))
    assert facts["errors"] == []
    assert facts["finished"][-3:] == ["send_mail", "confirm", "get_session"]


def test_an_error_that_leaves_an_async_with_belongs_to_its_call(play: Play) -> None:
    call = facts_of(play("db_session", "lazy"))["call"]
    assert call["get_session"]["error"] == call["confirm"]["error"]
    assert call["get_session"]["ended_ms"] >= call["confirm"]["ended_ms"]
    assert "\n" not in call["confirm"]["error"]


def test_a_session_refuses_the_second_of_two_gathered_queries(play: Play) -> None:
    call = facts_of(play("db_session", "shared_session"))["call"]
    assert call["count_indexes"]["error"].startswith("InvalidRequestError")
    assert "error" not in call["count_tables"]
    assert call["both_counts"]["error"].startswith("IllegalStateChangeError")


def test_a_task_that_holds_the_only_connection_makes_the_next_request_time_out(play: Play) -> None:
    run = play("db_session", "pool_held")
    facts = facts_of(run)
    first, second = calls_of(run, "read_item")
    assert [answer["status"] for answer in facts["responses"]] == [200, 500]
    assert second.error
    assert second.error.startswith("TimeoutError: QueuePool limit of size 1")
    assert facts["responses"][1]["received_ms"] < facts["call"]["count_visit"]["ended_ms"]
    assert facts["count"]["count_visit"] == 1


def test_in_function_scope_the_next_request_gets_the_connection_at_once(play: Play) -> None:
    run = play("db_session", "pool_released")
    asked = [span for span in run.timeline.spans if span.lane == CLIENT]
    assert [answer["status"] for answer in facts_of(run)["responses"]] == [200, 200]
    assert asked[1].end_ms
    assert asked[1].end_ms - asked[1].start_ms < AT_ONCE_MS
    assert facts_of(run)["count"]["count_visit"] == 2
