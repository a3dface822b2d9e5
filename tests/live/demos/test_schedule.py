"""What `schedule` is there to show, in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("schedule")


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
def test_how_often_a_periodic_job_runs_depends_on_who_schedules_it(
    play: Play, variant: str, environment: str, times: int
) -> None:
    facts = facts_of(play("schedule", variant, environment))
    slots = facts["extra"]["expected"]
    # A busy machine may see one slot more or less at the edges of the time watched.
    assert abs(facts["count"]["cleanup"] - times * slots) <= times
    assert all(call["background"] for call in facts["calls"] if call["name"] == "cleanup")


def test_an_interval_longer_than_the_process_lives_never_comes(play: Play) -> None:
    facts = facts_of(play("schedule", "restarted"))
    assert facts["count"]["cleanup"] == 0
    assert facts["count"]["lifespan"] == 4
