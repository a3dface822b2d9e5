"""Who has a place to run and who waits, at instants that the test says."""

from quiz.runs.scheduler import FIRST, FURTHER, Queue


def queue(*names: str, memory_mb: int = 100, starts_at_once: int = 9, length: int = 9) -> Queue:
    """Each of these needs half of the memory and takes four seconds."""
    made = Queue(memory_mb=memory_mb, length=length, starts_at_once=starts_at_once)
    for name in names:
        made.add(name, 50, 4.0)
    return made


def turns(queue: Queue, now: float | None = None) -> str:
    """All whose turn it is; from `now`, if that is said, they start."""
    placed = ""
    while (id := queue.turn()) is not None:
        placed += id
        if now is not None:
            queue.start(id, now)
    return placed


def waiting(queue: Queue, now: float = 0.0) -> list[tuple[str, int, float]]:
    return list(queue.places(now))


def test_as_many_have_a_place_as_their_memory_allows() -> None:
    line = queue("a", "b", "c")
    assert turns(line) == "ab"
    line.leave("a")
    assert turns(line) == "c"


def test_one_that_needs_more_than_there_is_runs_alone() -> None:
    line = queue("a", "b", memory_mb=10)
    assert turns(line) == "a"
    line.leave("a")
    assert turns(line) == "b"


def test_nobody_overtakes_one_that_needs_more_memory() -> None:
    line = queue("a", "b")
    line.add("large", 100, 1.0)
    line.add("small", 1, 1.0)
    assert turns(line) == "ab"
    line.leave("a")
    assert turns(line) == ""
    line.leave("b")
    assert turns(line) == "large"


def test_a_few_start_at_a_time() -> None:
    line = queue("a", "b", "c", memory_mb=1000, starts_at_once=2)
    assert turns(line, now=0.0) == "ab"
    assert line.started("a", now=0.2)
    assert turns(line, now=0.2) == "c"


def test_a_start_is_told_once() -> None:
    line = queue("a")
    turns(line, now=0.0)
    assert line.started("a", now=0.2)
    assert not line.started("a", now=1.0)
    line.leave("a")
    assert not line.started("a", now=2.0)


def test_each_that_waits_is_told_its_place_and_when_it_has_its_turn() -> None:
    line = queue("a", "b", "c", "d")
    turns(line, now=10.0)
    assert waiting(line, now=10.0) == [("c", 1, 4.0), ("d", 2, 4.0)]
    assert waiting(line, now=11.0) == [("c", 1, 3.0), ("d", 2, 3.0)]
    assert line.wait_of(50, 1.0, now=10.0) == 8.0


def test_what_takes_longer_than_it_says_may_end_any_moment() -> None:
    line = queue("a", "b", "c")
    turns(line, now=0.0)
    assert waiting(line, now=60.0) == [("c", 1, 0.0)]


def test_the_queue_is_told_to_move_as_fast_as_the_last_starts_did() -> None:
    line = queue("a", "b", "c", memory_mb=1000, starts_at_once=1)
    line.turn()
    line.start("a", now=0.0)
    assert [seconds for *_, seconds in waiting(line)] == [0.1, 0.2]
    line.started("a", now=0.5)
    line.turn()
    line.start("b", now=0.5)
    assert [seconds for *_, seconds in waiting(line, now=0.5)] == [0.3]


def test_who_cannot_use_their_place_yet_stand_before_all_that_came_later() -> None:
    line = queue("a", "b", "c", "d", memory_mb=150)
    assert turns(line) == "abc"
    line.line_up_again("b")
    line.line_up_again("a")
    assert [id for id, *_ in waiting(line)] == ["a", "b", "d"]
    assert turns(line) == "ab"


def test_one_that_is_cancelled_leaves_wherever_it_is() -> None:
    line = queue("a", "b", "c", "d")
    turns(line)
    line.leave("c")
    assert waiting(line)[0][:2] == ("d", 1)
    line.leave("a")
    assert line.placed == ["b"]


def test_a_full_queue_says_so() -> None:
    line = queue("a", "b", "c", length=2)
    assert line.is_full()
    turns(line)
    assert not line.is_full()


def test_further_runs_of_an_address_fill_a_quarter_of_the_queue_and_come_last() -> None:
    line = Queue(memory_mb=50, length=8)
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
    line = Queue(memory_mb=100, length=9, starts_at_once=9)
    for name in "abcde":
        line.add(name, 25, 4.0, FURTHER)
    assert turns(line) == "abc"
    line.add("L", 25, 4.0)
    assert turns(line) == "L"


def test_a_run_would_wait_behind_others_or_for_memory() -> None:
    line = queue("a")
    assert line.would_wait(1)
    turns(line)
    assert not line.would_wait(50)
    assert line.would_wait(51)
