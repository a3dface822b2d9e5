"""How long a run will wait."""

from quiz.sandbox.estimate import waiting_seconds


def test_nobody_waits_while_there_is_room() -> None:
    assert waiting_seconds([(30, 5.0)], [], 100) == 0.0


def test_the_next_waits_for_the_first_to_end() -> None:
    assert waiting_seconds([(50, 5.0), (50, 2.0)], [], 100) == 2.0


def test_those_ahead_take_their_places_first() -> None:
    assert waiting_seconds([(100, 3.0)], [(100, 4.0)], 100) == 7.0


def test_memory_that_one_frees_may_serve_two() -> None:
    assert waiting_seconds([(100, 3.0)], [(50, 9.0)], 100) == 3.0
