"""Facts that the demo `poll` shows in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("poll")


@pytest.mark.parametrize(
    ("variant", "environment", "status", "state"),
    [
        ("printed", "arq", 500, "an error"),
        ("own_id", "arq", 404, "an error"),
        ("right", "arq", 200, "done"),
        ("awaited", "arq", 200, "done"),
        ("events", "arq", 200, "done"),
        ("failed", "arq", 200, "failed"),
        ("failed_raw", "arq", 500, "an error"),
        ("failed_status", "arq", 200, "complete"),
        ("expired", "arq", 404, "an error"),
        ("worker_killed", "arq", 200, "in_progress"),
        ("unknown", "arq", 404, "an error"),
        ("unknown_raw", "arq", 200, "not_found"),
        ("unknown_celery", "current", 200, "PENDING"),
    ],
)
def test_the_last_poll_receives_a_status_and_a_state(
    play: Play, variant: str, environment: str, status: int, state: str
) -> None:
    extra = facts_of(play("poll", variant, environment))["extra"]
    assert (extra["status"], extra["state"]) == (status, state)


def test_a_client_polls_until_the_report_is_ready(play: Play) -> None:
    facts = facts_of(play("poll", "right", "arq"))
    assert facts["responses"][0]["status"] == 202
    assert facts["extra"]["polls"] >= 3


def test_the_job_succeeds_although_the_callers_own_id_does_not_find_it(play: Play) -> None:
    facts = facts_of(play("poll", "own_id", "arq"))
    assert "error" not in facts["call"]["make_report"]
    assert facts["lost"] == []


def test_a_handler_that_awaits_the_result_makes_the_client_wait(play: Play) -> None:
    facts = facts_of(play("poll", "awaited", "arq"))
    assert facts["extra"]["polls"] == 1
    assert facts["responses"][1]["received_ms"] >= facts["call"]["make_report"]["ended_ms"]


def test_arq_reports_a_failed_job_as_complete(play: Play) -> None:
    call = facts_of(play("poll", "failed_status", "arq"))["call"]
    assert call["make_report"]["error"] == "ValueError: The numbers of March are missing."


def test_events_take_fewer_requests_and_bytes_than_polling(play: Play) -> None:
    polling, events = (facts_of(play("poll", v, "arq"))["extra"] for v in ("right", "events"))
    assert events["requests"] == 2
    assert polling["requests"] == polling["polls"] + 1 >= 4
    assert 0 < events["bytes"] < polling["bytes"]


def test_the_stream_is_open_until_the_worker_reports_the_end(play: Play) -> None:
    facts = facts_of(play("poll", "events", "arq"))
    stream, report = facts["call"]["report_events"], facts["call"]["make_report"]
    assert stream["started_ms"] < report["ended_ms"] <= facts["call"]["tell"]["started_ms"]
    assert stream["ended_ms"] >= facts["call"]["tell"]["started_ms"]
    assert all(call["attempt"] == 1 for call in facts["calls"])


def test_the_job_of_a_killed_worker_is_reported_as_in_progress(play: Play) -> None:
    facts = facts_of(play("poll", "worker_killed", "arq"))
    assert facts["extra"]["polls"] == 5
    assert "ended_ms" not in facts["call"]["make_report"]


def test_an_expired_result_looks_like_an_unknown_job(play: Play) -> None:
    facts = facts_of(play("poll", "expired", "arq"))
    assert "error" not in facts["call"]["make_report"]
    assert [answer["status"] for answer in facts["responses"]][-2:] == [200, 404]
