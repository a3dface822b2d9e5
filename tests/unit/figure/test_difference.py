"""Differences between two runs. Differences as small as those between repeats are ignored."""

import pytest

from quiz.figure.difference import Compared
from quiz.timeline import Timeline
from tests import timelines
from tests.timelines import Script


def said(one: Timeline, other: Timeline) -> list[str]:
    return Compared(one.facts, other.facts).sentences()


def with_job(**more: object) -> Timeline:
    script = Script()
    script.request("POST /", 0, 5, 6)
    script.task("send", 10, 510, **more)
    return script.build(["send", "notify"])


def test_the_durations_of_the_background_work_are_compared() -> None:
    sentences = said(timelines.one_by_one(), timelines.gathered())
    assert "Background work: 3.00 s against 2.00 s." in sentences


def test_successive_tasks_are_compared_with_overlapping_tasks() -> None:
    sentences = said(timelines.one_by_one(), timelines.gathered())
    follows = "task_b started after task_a had ended in the first"
    assert f"{follows}; task_b and task_a overlapped in the second." in sentences


def test_a_comparison_in_reverse_order_has_reversed_sentences() -> None:
    there = said(timelines.gathered(), timelines.one_by_one())
    assert "Background work: 2.00 s against 3.00 s." in there
    assert any(
        sentence.startswith("task_b and task_a overlapped in the first") for sentence in there
    )


def test_a_call_that_never_ran_is_named_first() -> None:
    script = Script()
    script.request("POST /", 0, 5, 6)
    script.task("send", 10, 510)
    script.task("notify", 520, 9000)
    sentences = said(script.build(["send", "notify"]), with_job())
    assert sentences[0] == "notify never ran in the second."
    assert len(sentences) == 2


@pytest.mark.parametrize("later", [0.0, 8.0, 24.0])
def test_a_difference_between_equal_runs_is_ignored(later: float) -> None:
    one, other = timelines.one_by_one(), timelines.one_by_one(a=2000 + later)
    assert said(one, other) == ["Both did the same, within 25 ms."]


def test_a_small_percentage_of_a_long_duration_is_ignored() -> None:
    one, other = timelines.one_by_one(), timelines.one_by_one(a=2090)
    assert said(one, other) == ["Both did the same, within 5 %."]


def test_the_five_largest_differences_are_named_largest_first() -> None:
    one, other = Script(), Script()
    names = [f"task_{n}" for n in range(7)]
    for n, name in enumerate(names):
        one.task(name, n * 2000, n * 2000 + 100)
        other.task(name, n * 2000, n * 2000 + 200 + n * 100)
    sentences = said(one.build(names), other.build(names))
    assert sentences[0].startswith("Background work:")
    assert [s.split()[0] for s in sentences[1:]] == ["task_6", "task_5", "task_4", "task_3"]


def test_the_places_where_a_call_ran_are_compared() -> None:
    in_thread = with_job(lane="thread pool")
    expected = "send ran on the event loop in the first, in a thread of the pool in the second."
    assert said(with_job(), in_thread) == [expected]


def test_workers_with_different_process_ids_are_equal() -> None:
    first, second = (with_job(lane=f"rq worker {pid}", process=pid) for pid in (21, 34))
    assert said(first, second) == ["Both did the same, within 25 ms."]
    assert "in a worker in the second." in said(with_job(), second)[0]


def test_a_second_start_of_a_job_is_named() -> None:
    once = Script()
    once.call("bill", 8.0, 808.0, background=True, queue="job")
    sentences = said(timelines.worker_killed(), once.build(["bill"]))
    assert "bill was started twice against once." in sentences


def test_an_error_in_only_one_run_is_named() -> None:
    error = "ValueError: no such order"
    sentences = said(with_job(), with_job(ended="failed", error=error))
    assert sentences == ["ValueError was raised in the second, not in the first."]


def test_a_task_lost_in_only_one_run_is_named() -> None:
    kept, lost = Script(), Script()
    for script, end in ((kept, 700.0), (lost, None)):
        script.event(4, "scheduled", "send")
        script.task("send", 10, end)
    assert said(lost.build(["send"]), kept.build(["send"])) == [
        "send was lost in the first, not in the second."
    ]


def test_numbers_of_calls_that_differ_by_half_are_named() -> None:
    def ticking(times: int) -> Timeline:
        script = Script()
        for n in range(times):
            script.call("tick", n * 100, n * 100 + 1)
        return script.build(["tick"])

    assert said(ticking(3), ticking(6)) == ["tick ran 3 times against 6 times."]
    assert said(ticking(5), ticking(6)) == ["Both did the same, within 25 ms."]


def test_a_different_status_and_a_later_response_are_named() -> None:
    quick, slow = Script(), Script()
    quick.request("GET /", 0, 5, 6)
    slow.request("GET /", 0, 805, 806, status=500)
    assert said(quick.build(), slow.build()) == [
        "The client's first answer: 200 against 500.",
        "The client had its first answer after 6 ms against 806 ms.",
    ]


def test_no_example_timeline_differs_from_itself() -> None:
    for name, make in timelines.CAST.items():
        assert said(make(), make()) == ["Both did the same, within 25 ms."], name
