"""What `broker_crash` is there to show, in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("broker_crash")


@pytest.mark.parametrize(
    ("variant", "left"),
    [("memory", 0), ("append_only", 5), ("unconfirmed", 0), ("confirmed", 5)],
)
def test_what_a_killed_broker_keeps_is_a_matter_of_its_configuration(
    play: Play, variant: str, left: int
) -> None:
    facts = facts_of(play("broker_crash", variant))
    assert facts["response"]["status"] == 200
    assert facts["extra"]["left"] == left


@pytest.mark.parametrize("variant", ["memory", "append_only", "unconfirmed", "confirmed"])
def test_it_is_started_again_when_it_is_dead(play: Play, variant: str) -> None:
    events = play("broker_crash", variant).timeline.events
    names = ("valkey", "rabbitmq")
    assert [event.event for event in events if event.name in names] == [
        "started",
        "killed",
        "started",
    ]
