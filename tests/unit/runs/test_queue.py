"""The scheduler: which runs are admitted and which wait, at times that the test passes."""

from quiz.runs.scheduler import FIRST, FURTHER, Scheduler


def queue(*names: str, memory_mb: int = 100, starts_at_once: int = 9, length: int = 9) -> Scheduler:
    """Each run needs half of the memory and takes four seconds."""
    made = Scheduler(memory_mb=memory_mb, length=length, starts_at_once=starts_at_once)
    for name in names:
        made.add(name, 50, 4.0)
    return made


def turns(queue: Scheduler, now: float | None = None) -> str:
    """Admit all runs that fit. If `now` is given, their starts begin then."""
    placed = ""
    while (id := queue.admit()) is not None:
        placed += id
        if now is not None:
            queue.begin_start(id, now)
    return placed


def waiting(queue: Scheduler, now: float = 0.0) -> list[tuple[str, int, float]]:
    return list(queue.positions(now))


def test_as_many_runs_are_admitted_as_fit_into_memory() -> None:
    line = queue("a", "b", "c")
    assert turns(line) == "ab"
    line.remove("a")
    assert turns(line) == "c"


def test_a_run_that_needs_more_memory_than_there_is_runs_alone() -> None:
    line = queue("a", "b", memory_mb=10)
    assert turns(line) == "a"
    line.remove("a")
    assert turns(line) == "b"


def test_no_run_overtakes_a_run_that_needs_more_memory() -> None:
    line = queue("a", "b")
    line.add("large", 100, 1.0)
    line.add("small", 1, 1.0)
    assert turns(line) == "ab"
    line.remove("a")
    assert turns(line) == ""
    line.remove("b")
    assert turns(line) == "large"


def test_the_number_of_starts_at_once_is_limited() -> None:
    line = queue("a", "b", "c", memory_mb=1000, starts_at_once=2)
    assert turns(line, now=0.0) == "ab"
    assert line.finish_start("a", now=0.2)
    assert turns(line, now=0.2) == "c"


def test_a_start_finishes_once() -> None:
    line = queue("a")
    turns(line, now=0.0)
    assert line.finish_start("a", now=0.2)
    assert not line.finish_start("a", now=1.0)
    line.remove("a")
    assert not line.finish_start("a", now=2.0)


def test_each_waiting_run_has_a_position_and_a_wait() -> None:
    line = queue("a", "b", "c", "d")
    turns(line, now=10.0)
    assert waiting(line, now=10.0) == [("c", 1, 4.0), ("d", 2, 4.0)]
    assert waiting(line, now=11.0) == [("c", 1, 3.0), ("d", 2, 3.0)]
    assert line.wait_of(50, 1.0, now=10.0) == 8.0


def test_an_overdue_run_is_expected_to_end_at_any_moment() -> None:
    line = queue("a", "b", "c")
    turns(line, now=0.0)
    assert waiting(line, now=60.0) == [("c", 1, 0.0)]


def test_waits_follow_the_duration_of_the_last_starts() -> None:
    line = queue("a", "b", "c", memory_mb=1000, starts_at_once=1)
    line.admit()
    line.begin_start("a", now=0.0)
    assert [seconds for *_, seconds in waiting(line)] == [0.1, 0.2]
    line.finish_start("a", now=0.5)
    line.admit()
    line.begin_start("b", now=0.5)
    assert [seconds for *_, seconds in waiting(line, now=0.5)] == [0.3]


def test_a_requeued_run_waits_ahead_of_later_requests() -> None:
    line = queue("a", "b", "c", "d", memory_mb=150)
    assert turns(line) == "abc"
    line.requeue("b")
    line.requeue("a")
    assert [id for id, *_ in waiting(line)] == ["a", "b", "d"]
    assert turns(line) == "ab"


def test_waiting_and_active_runs_can_be_removed() -> None:
    line = queue("a", "b", "c", "d")
    turns(line)
    line.remove("c")
    assert waiting(line)[0][:2] == ("d", 1)
    line.remove("a")
    assert line.admitted == ["b"]


def test_the_queue_is_full_at_its_length() -> None:
    line = queue("a", "b", "c", length=2)
    assert line.is_full()
    turns(line)
    assert not line.is_full()


def test_further_runs_of_an_address_fill_a_quarter_of_the_queue() -> None:
    line = Scheduler(memory_mb=50, length=8)
    line.add("running", 50, 4.0)
    assert turns(line) == "running"
    for name in "ab":
        assert not line.is_full(FURTHER)
        line.add(name, 50, 4.0, FURTHER)
    assert line.is_full(FURTHER)
    for name in "cd":
        assert not line.is_full(FIRST)
        line.add(name, 50, 4.0, FIRST)
    assert line.is_full(FIRST)
    assert not line.is_full()
    line.add("learner", 50, 4.0)
    assert [id for id, *_ in waiting(line)] == ["learner", "c", "d", "a", "b"]


def test_further_runs_of_an_address_leave_memory_for_a_learner() -> None:
    line = Scheduler(memory_mb=100, length=9, starts_at_once=9)
    for name in "abcde":
        line.add(name, 25, 4.0, FURTHER)
    assert turns(line) == "abc"
    line.add("L", 25, 4.0)
    assert turns(line) == "L"


def test_a_run_waits_behind_others_or_for_memory() -> None:
    line = queue("a")
    assert line.would_wait(1)
    turns(line)
    assert not line.would_wait(50)
    assert line.would_wait(51)
