"""Facts that the demo `memory` shows in real runs."""

import pytest

from quiz.runs.run import Run
from quiz.timeline import MEMORY
from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("memory")
# The catalogue and the bodies have some 30 MB; what a first request needs anyway is a few.
HELD, FREED = 20.0, 12.0


def megabytes_of(run: Run) -> dict[str, float]:
    return {name: fact["value"] for name, fact in run.extra.items() if name.endswith("_mb")}


def test_a_list_passed_to_a_task_lives_until_the_task_ends(play: Play) -> None:
    run = play("memory", "whole_list")
    call, held = facts_of(run)["call"], megabytes_of(run)
    assert call["Catalogue"]["ended_ms"] >= call["process_items"]["ended_ms"]
    assert held["early_mb"] > HELD
    assert held["late_mb"] > HELD
    assert held["after_mb"] < FREED


def test_the_lifetime_of_the_list_is_a_span_in_memory(play: Play) -> None:
    run = play("memory", "whole_list")
    (life,) = [span for span in run.timeline.spans if span.lane == MEMORY]
    assert [part.state for part in life.parts] == ["alive"]
    assert (life.name, life.file, life.ended_by) == ("Catalogue", "catalogue.py", "succeeded")
    assert facts_of(run)["count"]["Catalogue"] == 1
    assert "The catalogue is freed." in run.output


def test_the_memory_of_the_web_process_is_a_curve_over_the_whole_run(play: Play) -> None:
    (curve,) = play("memory", "whole_list").timeline.curves
    values = [value for _, value in curve.points]
    assert len(values) > 20
    assert max(values) - values[0] > HELD
    assert values[-1] - values[0] < FREED


def test_a_list_used_only_by_the_handler_is_freed_when_it_returns(play: Play) -> None:
    run = play("memory", "id_only")
    call = facts_of(run)["call"]
    assert call["Catalogue"]["ended_ms"] <= facts_of(run)["response"]["sent_ms"]
    assert max(megabytes_of(run).values()) < FREED


def test_an_argument_of_the_first_task_lives_until_the_last_task_ends(play: Play) -> None:
    run = play("memory", "three_tasks")
    call = facts_of(run)["call"]
    assert facts_of(run)["order"][-3:] == ["update_prices", "notify_partners", "write_log"]
    assert call["Catalogue"]["ended_ms"] >= call["write_log"]["ended_ms"]
    assert megabytes_of(run)["late_mb"] > HELD
    assert megabytes_of(run)["after_mb"] < FREED


def test_a_list_emptied_by_the_task_is_freed_at_once(play: Play) -> None:
    run = play("memory", "emptied")
    call, held = facts_of(run)["call"], megabytes_of(run)
    assert held["early_mb"] > HELD
    assert held["late_mb"] < FREED
    assert call["Catalogue"]["ended_ms"] >= call["process_items"]["ended_ms"]


@pytest.mark.parametrize("variant", ["response_body", "request_body"])
def test_a_request_body_stays_in_memory_during_a_task_that_does_not_use_it(
    play: Play, variant: str
) -> None:
    run = play("memory", variant)
    assert facts_of(run)["response"]["status"] == 200
    held = megabytes_of(run)
    # What came in small pieces the process may keep for the next request; the body itself goes.
    assert held["late_mb"] - held["after_mb"] > HELD


@pytest.mark.parametrize("environment", ["current", "fastapi-0.105"])
def test_an_upload_can_be_read_in_a_task_today_and_in_0_105(play: Play, environment: str) -> None:
    facts = facts_of(play("memory", "upload", environment))
    assert facts["errors"] == []
    assert facts["extra"]["stored"] > 0


def test_in_0_117_an_upload_is_closed_before_the_task(play: Play) -> None:
    facts = facts_of(play("memory", "upload", "fastapi-0.117"))
    assert facts["call"]["store"]["error"] == "ValueError: I/O operation on closed file."
    assert facts["extra"]["stored"] == 0
    assert facts["response"]["status"] == 200
