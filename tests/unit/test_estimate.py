"""How long each run of a queue will wait."""

from typing import Any

from quiz.runs.estimate import waits

FREE = {"memory_mb": 100, "at_once": 2, "start_seconds": 0.5}


def told(running: Any, queue: Any, starting: int = 0, **changed: Any) -> list[float]:
    return list(waits(running, starting, queue, **FREE | changed))


def test_nobody_waits_while_there_is_room() -> None:
    assert told([(30, 5.0)], [(30, 1.0)]) == [0.0]


def test_the_next_waits_for_the_first_to_end() -> None:
    assert told([(50, 5.0), (50, 2.0)], [(50, 1.0)]) == [2.0]


def test_those_ahead_take_their_places_first() -> None:
    assert told([(100, 3.0)], [(100, 4.0), (100, 1.0)]) == [3.0, 7.0]


def test_memory_that_one_frees_may_serve_two() -> None:
    assert told([(100, 3.0)], [(50, 9.0), (50, 1.0)]) == [3.0, 3.0]


def test_what_ended_while_others_started_makes_nobody_earlier() -> None:
    assert told([(100, 0.1)], [(50, 1.0), (50, 1.0)], starting=2) == [0.5, 0.5]


def test_with_memory_for_all_a_queue_moves_as_fast_as_runs_start() -> None:
    queue = [(1, 3.0)] * 5
    assert told([(1, 3.0)] * 2, queue, starting=2) == [0.5, 0.5, 1.0, 1.0, 1.5]


def test_the_longer_a_start_takes_the_longer_the_queue_waits() -> None:
    assert told([], [(1, 3.0)] * 3, at_once=1, start_seconds=2.0) == [0.0, 2.0, 4.0]
