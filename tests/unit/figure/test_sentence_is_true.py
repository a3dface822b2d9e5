"""The sentence about any run states only what its events confirm."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.figure import tell
from quiz.timeline import Event, RunEnd, Timeline
from tests.reading import Reader, untrue
from tests.timelines import Script

NAMES = st.sampled_from(["task_a", "task_b", "task_c", "write_log"])
# Sometimes a hair, sometimes nothing: where calls touch is where a sentence goes wrong.
GAPS = st.one_of(st.sampled_from([0.0, 0.05, 0.12, 4.0, 14.0, 60.0]), st.floats(0.01, 900))
LENGTHS = st.one_of(st.sampled_from([0.2, 30.0, 49.0, 51.0, 2000.0]), st.floats(0.1, 3000))
ENDS = st.sampled_from(["succeeded", "succeeded", "succeeded", "failed", "cancelled", None])


def ask(draw: st.DrawFn, script: Script, number: int) -> None:
    name = draw(st.sampled_from(["POST /items", "GET /ping"]))
    at = 0.0 if number == 0 else draw(st.floats(0, 500))
    sent = at + draw(LENGTHS)
    match draw(st.sampled_from(["had", "had", "had", "sent", "failed", "waits"])):
        case "had":
            script.request(name, at, sent, sent + 0.3)
        case "sent":
            script.request(name, at, sent, None)
        case "failed":
            script.request(name, at, None, None, at=sent, error="ConnectionResetError")
        case _:
            script.request(name, at, None, None)


def call(draw: st.DrawFn, script: Script, start: float) -> float:
    """A call of any kind, and its duration."""
    name, length, how = draw(NAMES), draw(LENGTHS), draw(ENDS)
    more: dict[str, Any] = {"ended": how} if how else {}
    if how == "failed":
        more["error"] = "ValueError: no"
    if draw(st.booleans()):
        waits = [(start + length * 0.1, None if how is None else start + length * 0.9)]
        more["waits"] = waits
    elif draw(st.booleans()):
        more |= {"lane": "thread pool", "thread": f"AnyIO worker thread {draw(st.integers(1, 3))}"}
        more["queued"] = start - draw(GAPS)
    background = draw(st.sampled_from([True, True, False]))
    process = draw(st.sampled_from([10, 10, 10, 11]))
    end = start + length if how else None
    script.call(name, start, end, background=background, process=process, **more)
    return length


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[Event], RunEnd]:
    script = Script()
    for number in range(draw(st.integers(0, 6))):
        ask(draw, script, number)
    for name in draw(st.lists(NAMES, max_size=2)):
        script.event(3.0, "scheduled", name)
    at = draw(st.sampled_from([6.0, 6.0, 6.0, -400.0]))
    for _ in range(draw(st.integers(0, 9))):
        length = call(draw, script, at)
        # The next begins after this one, or while it goes on.
        at += draw(st.sampled_from([length, length, length * 0.5, 0.0])) + draw(GAPS)
    events = script.events
    if draw(st.booleans()):
        died = draw(st.floats(6, max(7.0, at + 1)))
        events = [e for e in events if e.process != 10 or e.at_ms < died]
        script.event(died, "killed", "web", lane="web", signal="SIGKILL")
        events = [*events, script.events[-1]]
    last = max([e.at_ms for e in events], default=0.0)
    error = draw(st.sampled_from([0.0, 0.1, 5.0]))
    return events, RunEnd(last + draw(GAPS), draw(st.booleans()), error, len(events))


@given(runs())
@settings(max_examples=600)
def test_every_clause_of_a_sentence_agrees_with_the_events(run: tuple[list[Event], RunEnd]) -> None:
    events, end = run
    said = str(tell(Timeline.build(events, end=end)))
    reader = Reader(events, end)
    assert untrue(said, reader) is None, (said, reader)


@given(runs(), st.data())
@settings(max_examples=200)
def test_a_sentence_about_cut_events_states_only_known_facts(
    run: tuple[list[Event], RunEnd], data: st.DataObject
) -> None:
    events, end = run
    ordered = sorted(events, key=lambda event: event.at_ms)
    kept = ordered[: data.draw(st.integers(0, max(0, len(events) - 1)))]
    said = str(tell(Timeline.build(kept, end=end, truncated=True)))
    # What is said of the part must be true of the whole.
    whole = Reader(events, end)
    whole.events = kept
    assert untrue(said, whole) is None, said


def test_the_check_finds_a_false_sentence() -> None:
    script = Script()
    script.request("POST /items", 0.0, 5.0, 6.0)
    script.task("task_a", 6.0, 2006.0)
    script.task("task_b", 2006.1, 3006.0)
    reader = Reader(script.events, RunEnd(3010.0))
    assert untrue("The client had its 200 after 6 ms.", reader) is None
    assert untrue("task_a (2.00 s) and task_b (1.00 s) overlapped.", reader)
    assert untrue("task_b took 2.00 s.", reader)
    assert untrue("task_c never started.", reader)
    assert untrue("The client had its 200 after 6 ms. task_a was still running at the end.", reader)
