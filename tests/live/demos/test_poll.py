"""What `poll` is there to show, in real runs."""

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
def test_what_a_poll_is_told_at_the_end(
    play: Play, variant: str, environment: str, status: int, state: str
) -> None:
    extra = facts_of(play("poll", variant, environment))["extra"]
    assert (extra["status"], extra["state"]) == (status, state)


def test_a_client_asks_until_the_report_is_there(play: Play) -> None:
    facts = facts_of(play("poll", "right", "arq"))
    assert facts["responses"][0]["status"] == 202
    assert facts["extra"]["polls"] >= 3


def test_the_job_succeeds_although_the_callers_own_id_does_not_find_it(play: Play) -> None:
    facts = facts_of(play("poll", "own_id", "arq"))
    assert "error" not in facts["call"]["make_report"]
    assert facts["lost"] == []


def test_who_awaits_the_result_makes_the_client_wait_for_the_job(play: Play) -> None:
    facts = facts_of(play("poll", "awaited", "arq"))
    assert facts["extra"]["polls"] == 1
    assert facts["responses"][1]["received_ms"] >= facts["call"]["make_report"]["ended_ms"]


def test_arq_calls_complete_what_has_failed(play: Play) -> None:
    call = facts_of(play("poll", "failed_status", "arq"))["call"]
    assert call["make_report"]["error"] == "ValueError: The numbers of March are missing."


def test_events_take_fewer_requests_and_bytes_than_polling(play: Play) -> None:
    polling, events = (facts_of(play("poll", v, "arq"))["extra"] for v in ("right", "events"))
    assert events["requests"] == 2
    assert polling["requests"] == polling["polls"] + 1 >= 4
    assert 0 < events["bytes"] < polling["bytes"]


def test_the_stream_is_open_until_the_worker_tells_of_the_end(play: Play) -> None:
    facts = facts_of(play("poll", "events", "arq"))
    stream, report = facts["call"]["report_events"], facts["call"]["make_report"]
    assert stream["started_ms"] < report["ended_ms"] <= facts["call"]["tell"]["started_ms"]
    assert stream["ended_ms"] >= facts["call"]["tell"]["started_ms"]
    assert all(call["attempt"] == 1 for call in facts["calls"])


def test_of_a_killed_worker_s_job_the_client_hears_that_it_is_in_progress(play: Play) -> None:
    facts = facts_of(play("poll", "worker_killed", "arq"))
    assert facts["extra"]["polls"] == 5
    assert "ended_ms" not in facts["call"]["make_report"]


def test_a_result_that_has_expired_is_as_one_that_never_was(play: Play) -> None:
    facts = facts_of(play("poll", "expired", "arq"))
    assert "error" not in facts["call"]["make_report"]
    assert [answer["status"] for answer in facts["responses"]][-2:] == [200, 404]
