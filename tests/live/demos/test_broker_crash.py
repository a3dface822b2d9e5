"""Facts that the demo `broker_crash` shows in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("broker_crash")


@pytest.mark.parametrize(
    ("variant", "left"),
    [("memory", 0), ("append_only", 5), ("unconfirmed", 0), ("confirmed", 5)],
)
def test_the_configuration_decides_what_a_killed_broker_keeps(
    play: Play, variant: str, left: int
) -> None:
    facts = facts_of(play("broker_crash", variant))
    assert facts["response"]["status"] == 200
    assert facts["extra"]["left"] == left


@pytest.mark.parametrize("variant", ["memory", "append_only", "unconfirmed", "confirmed"])
def test_the_broker_is_started_again_after_it_was_killed(play: Play, variant: str) -> None:
    events = play("broker_crash", variant).timeline.events
    names = ("valkey", "rabbitmq")
    assert [event.event for event in events if event.name in names] == [
        "started",
        "killed",
        "started",
    ]
