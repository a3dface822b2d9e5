"""Facts that the demo `limit_concurrency` shows in real runs."""

from tests.live.once import Play, ask, facts_of, variants_of

HIGHER = {"limit_concurrency": 4}
WANTED = [
    *variants_of("limit_concurrency"),
    ask("limit_concurrency", "background", parameters=HIGHER),
]


def test_tasks_that_still_run_count_against_the_limit(play: Play) -> None:
    facts = facts_of(play("limit_concurrency", "background"))
    assert [answer["status"] for answer in facts["responses"]] == [200, 200, 200, 503, 200]
    assert facts["responses"][3]["received_ms"] < facts["call"]["send_mail"]["ended_ms"]
    assert facts["extra"] == {"accepted": 4, "refused": 1}


def test_a_higher_limit_refuses_the_request_beyond_it(play: Play) -> None:
    facts = facts_of(play("limit_concurrency", "background", None, HIGHER))
    assert [answer["status"] for answer in facts["responses"]] == [200, 200, 200, 200, 503, 200]


def test_a_detached_task_does_not_count(play: Play) -> None:
    facts = facts_of(play("limit_concurrency", "detached"))
    assert {answer["status"] for answer in facts["responses"]} == {200}
    assert facts["extra"] == {"accepted": 5, "refused": 0}
    assert facts["count"]["send_mail"] == 5


def test_idle_connections_count_too(play: Play) -> None:
    facts = facts_of(play("limit_concurrency", "idle_connections"))
    assert [answer["status"] for answer in facts["responses"]] == [503, 200]
    assert facts["count"]["create_order"] == 1
