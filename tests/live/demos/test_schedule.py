"""Facts that the demo `schedule` shows in real runs."""

from collections import Counter
from typing import Any

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("schedule")


def watched(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs since all were up: who was up first has ticked before."""
    return [c for c in facts["calls"] if c["name"] == "cleanup" and c["started_ms"] >= 0]


@pytest.mark.parametrize(
    ("variant", "environment", "times"),
    [
        ("one_process", "current", 1),
        ("two_processes", "current", 2),
        ("locked", "current", 1),
        ("arq_unique", "arq", 1),
        ("arq_each", "arq", 3),
        ("beat", "current", 1),
        ("two_beats", "current", 2),
    ],
)
def test_the_scheduler_decides_how_often_a_periodic_job_runs(
    play: Play, variant: str, environment: str, times: int
) -> None:
    facts = facts_of(play("schedule", variant, environment))
    slots = facts["extra"]["expected"]
    # A busy machine may see one slot more or less at the edges of the time watched.
    assert abs(len(watched(facts)) - times * slots) <= times
    assert all(call["background"] for call in watched(facts))


def test_an_interval_longer_than_the_life_of_the_process_never_ends(play: Play) -> None:
    facts = facts_of(play("schedule", "restarted"))
    assert facts["count"]["cleanup"] == 0
    assert facts["count"]["lifespan"] == 4


def test_two_schedulers_on_one_store_run_the_job_at_least_twice_per_slot(play: Play) -> None:
    facts = facts_of(play("schedule", "shared_store"))
    # Each process added its own copy of the job, and both processes look for due jobs.
    assert facts["count"]["cleanup"] >= 2 * facts["extra"]["expected"]
    assert {call["process"] for call in facts["calls"] if call["background"]} == {
        call["process"] for call in facts["calls"] if call["name"] == "lifespan"
    }


def test_two_schedulers_compete_for_a_job_with_one_id(play: Play) -> None:
    facts = facts_of(play("schedule", "shared_id"))
    slots = facts["extra"]["expected"]
    assert slots - 1 <= facts["count"]["cleanup"] <= 2 * (slots + 1)


def test_each_worker_process_of_uvicorn_has_its_own_scheduler(play: Play) -> None:
    facts = facts_of(play("schedule", "three_workers"))
    times = Counter(call["process"] for call in watched(facts))
    assert facts["count"]["lifespan"] == facts["processes"] == len(times) == 3
    assert all(abs(n - facts["extra"]["expected"]) <= 1 for n in times.values())


def test_arq_passes_a_ctx_that_the_function_does_not_accept(play: Play) -> None:
    facts = facts_of(play("schedule", "arq_printed", "arq"))
    assert facts["lost"] == ["cleanup"]
    assert set(facts["errors"]) == {
        "TypeError: cleanup() takes 0 positional arguments but 1 was given"
    }
    assert abs(len(facts["errors"]) - facts["extra"]["expected"]) <= 1
    assert all(call["running_ms"] < 50 for call in facts["calls"])


def test_with_an_external_scheduler_each_slot_runs_once_in_one_process(play: Play) -> None:
    facts = facts_of(play("schedule", "external"))
    assert abs(len(watched(facts)) - facts["extra"]["expected"]) <= 1
    assert len({call["process"] for call in watched(facts)}) == 2
    count = facts["count"]
    assert count["ask_for_cleanup"] == count["forward"] == count["cleanup"]


def test_a_wrong_token_is_refused_and_runs_no_cleanup(play: Play) -> None:
    facts = facts_of(play("schedule", "external"))
    assert facts["extra"]["refused"] == facts["response"]["status"] == 401
    assert facts["count"]["check_token"] == facts["count"]["run_cleanup"] + 1
