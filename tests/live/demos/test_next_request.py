"""Facts that the demo `next_request` shows in real runs."""

import pytest

from quiz.timeline import CLIENT
from tests.live.once import DEMOS, Play, facts_of, variants_of

WANTED = variants_of("next_request")


@pytest.mark.parametrize("variant", DEMOS["next_request"].variants)
def test_the_order_is_answered_and_the_other_handler_finishes(play: Play, variant: str) -> None:
    facts = facts_of(play("next_request", variant))
    assert facts["response"]["status"] == 200
    assert facts["errors"] == ["ValueError: the partner does not know order lamp"]
    assert "error" not in facts["call"]["read_statistics"]
    assert facts["call"]["read_statistics"]["took_ms"] >= 590


def test_a_failed_task_closes_the_connection_of_the_next_request(play: Play) -> None:
    run = play("next_request", "keep_alive")
    answers = [span for span in run.timeline.spans if span.lane == CLIENT]
    assert [span.error is None for span in answers] == [True, False]
    assert answers[1].end_ms
    assert answers[1].end_ms < facts_of(run)["call"]["read_statistics"]["ended_ms"]


@pytest.mark.parametrize("variant", ["new_connection", "guarded"])
def test_another_connection_or_a_guarded_task_saves_the_next_request(
    play: Play, variant: str
) -> None:
    facts = facts_of(play("next_request", variant))
    assert facts["responses"][1]["status"] == 200
    assert facts["responses"][1]["received_ms"] >= facts["call"]["read_statistics"]["ended_ms"]


def test_behind_a_proxy_another_user_receives_502(play: Play) -> None:
    facts = facts_of(play("next_request", "behind_proxy"))
    assert facts["responses"][1]["status"] == 502
    assert facts["responses"][1]["received_ms"] < facts["call"]["read_statistics"]["ended_ms"]
    assert facts["count"]["forward"] == 2
    assert facts["processes"] == 2
