"""The estimate of how long each run of a queue waits."""

from typing import Any

from quiz.runs.scheduler import estimate_waits

FREE = {"memory_mb": 100, "at_once": 2, "start_seconds": 0.5}


def waits(running: Any, queue: Any, starting: int = 0, **changed: Any) -> list[float]:
    return list(estimate_waits(running, starting, queue, **FREE | changed))


def test_no_run_waits_while_there_is_room() -> None:
    assert waits([(30, 5.0)], [(30, 1.0)]) == [0.0]


def test_the_next_run_waits_for_the_first_to_end() -> None:
    assert waits([(50, 5.0), (50, 2.0)], [(50, 1.0)]) == [2.0]


def test_runs_ahead_in_the_queue_start_first() -> None:
    assert waits([(100, 3.0)], [(100, 4.0), (100, 1.0)]) == [3.0, 7.0]


def test_memory_of_one_run_can_serve_two() -> None:
    assert waits([(100, 3.0)], [(50, 9.0), (50, 1.0)]) == [3.0, 3.0]


def test_a_run_that_ends_during_other_starts_makes_no_turn_earlier() -> None:
    assert waits([(100, 0.1)], [(50, 1.0), (50, 1.0)], starting=2) == [0.5, 0.5]


def test_with_memory_for_all_a_queue_moves_as_fast_as_runs_start() -> None:
    queue = [(1, 3.0)] * 5
    assert waits([(1, 3.0)] * 2, queue, starting=2) == [0.5, 0.5, 1.0, 1.0, 1.5]


def test_the_longer_a_start_takes_the_longer_the_queue_waits() -> None:
    assert waits([], [(1, 3.0)] * 3, at_once=1, start_seconds=2.0) == [0.0, 2.0, 4.0]
