"""The probe sees a file's functions start, wait and end, whichever way the interpreter tells it.

Python 3.11 uses a trace function, later versions `sys.monitoring`: the same tests for both.
"""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
START = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[2] + "/work"]
from quiz.runs.stage.probe import watch
watch.install(sys.argv[2])
import sample
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "events").touch()
    return tmp_path


def play(run: Path, text: str) -> list[dict[str, Any]]:
    """Import `text` as a file of a run in a new process; the events that the probe wrote."""
    (run / "work" / "sample.py").write_text(dedent(text))
    subprocess.run([sys.executable, "-P", "-c", START, str(ROOT), str(run)], check=True, timeout=30)
    return [json.loads(line) for line in (run / "events").read_text().splitlines()]


def story(events: list[dict[str, Any]]) -> list[str]:
    return [f"{event['name']} {event['event']}" for event in events]


def test_a_call_is_recorded_from_its_start_to_its_end(run: Path) -> None:
    events = play(run, "def outer():\n    inner()\n\ndef inner():\n    pass\n\nouter()\n")
    expected = ["outer started", "inner started", "inner succeeded", "outer succeeded"]
    assert story(events) == expected
    assert events[0]["detail"] | {"call": ""} == {
        "call": "",
        "background": False,
        "file": "sample.py",
        "line": 1,
    }


def test_a_coroutine_is_suspended_while_it_waits_and_resumed_after(run: Path) -> None:
    text = """
        import asyncio

        async def work():
            await asyncio.sleep(0.01)
            await asyncio.sleep(0)

        asyncio.run(work())
    """
    waits = ["work suspended", "work resumed"]
    assert story(play(run, text)) == ["work started", *waits, *waits, "work succeeded"]


def test_an_error_is_raised_by_one_function_and_passed_on_by_its_caller(run: Path) -> None:
    text = """
        import contextlib

        def outer():
            inner()

        def inner():
            raise ValueError("no")

        with contextlib.suppress(ValueError):
            outer()
    """
    events = play(run, text)
    assert story(events)[2:] == ["inner failed", "outer failed"]
    assert [e["detail"]["error"] for e in events[2:]] == ["ValueError: no"] * 2
    assert ["raised" in e["detail"] for e in events[2:]] == [True, False]


def test_a_function_that_catches_an_error_succeeds(run: Path) -> None:
    text = """
        async def careful():
            try:
                raise ValueError
            except ValueError:
                return 1

        import asyncio
        asyncio.run(careful())
    """
    assert story(play(run, text)) == ["careful started", "careful succeeded"]


@pytest.mark.parametrize("waits", ["asyncio.sleep(9)", "asyncio.gather(asyncio.sleep(9))"])
def test_a_cancelled_task_is_called_cancelled_not_failed(run: Path, waits: str) -> None:
    text = f"""
        import asyncio

        async def work():
            await {waits}

        async def main():
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

        asyncio.run(main())
    """
    told = [line for line in story(play(run, text)) if line.startswith("work")]
    assert told[:2] == ["work started", "work suspended"]
    assert told[-1] == "work cancelled"


def test_an_error_that_an_await_raises_can_be_caught(run: Path) -> None:
    text = """
        import asyncio

        async def work():
            try:
                async with asyncio.timeout(0):
                    await asyncio.sleep(9)
            except TimeoutError:
                await asyncio.sleep(0)

        asyncio.run(work())
    """
    events = story(play(run, text))
    waits = ["work suspended", "work resumed"]
    assert events == ["work started", *waits, *waits, "work succeeded"]


def test_threads_and_forked_processes_are_distinguished(run: Path) -> None:
    text = """
        import os, threading

        def work():
            pass

        thread = threading.Thread(target=work, name="helper")
        thread.start()
        thread.join()
        if os.fork() == 0:
            work()
            os._exit(0)
        os.wait()
    """
    events = [event for event in play(run, text) if event["event"] == "started"]
    assert [event["thread"] for event in events] == ["helper", "MainThread"]
    assert len({event["process"] for event in events}) == 2


def test_lambdas_comprehensions_and_class_bodies_are_not_calls(run: Path) -> None:
    text = """
        class Box:
            numbers = [number for number in range(3)]

        (lambda: list(number for number in Box.numbers))()
    """
    assert play(run, text) == []


def test_code_that_the_compiler_adds_for_annotations_is_not_a_call(run: Path) -> None:
    text = """
        class Box:
            size: int

        def measure(box: Box) -> int:
            note: int = 1
            return note

        assert Box.__annotations__ == {"size": int}
        assert measure.__annotations__ == {"box": Box, "return": int}
        measure(Box())
    """
    assert story(play(run, text)) == ["measure started", "measure succeeded"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
def test_code_that_the_compiler_adds_for_generics_and_type_aliases_is_not_a_call(
    run: Path,
) -> None:
    text = """
        type Numbers = list[int]

        def first[T: Numbers](items: list[T]) -> T:
            return items[0]

        class Box[T: Numbers]:
            def size(self) -> int:
                return 1

        assert Numbers.__value__ == list[int]
        assert first.__type_params__[0].__bound__ is Box.__type_params__[0].__bound__
        first([Box().size()])
    """
    expected = ["size started", "size succeeded", "first started", "first succeeded"]
    assert story(play(run, text)) == expected


def test_a_function_named_like_compiler_code_is_recorded(run: Path) -> None:
    text = "@staticmethod\ndef __annotate__(format):\n    return {}\n\n__annotate__(1)\n"
    assert story(play(run, text)) == ["__annotate__ started", "__annotate__ succeeded"]


def test_callers_of_a_caught_cancellation_continue_without_an_event(run: Path) -> None:
    """The exception goes to the innermost coroutine, past the frames of its callers."""
    text = """
        import asyncio

        async def look():
            try:
                async with asyncio.timeout(0):
                    await asyncio.sleep(9)
            except TimeoutError:
                return

        async def work():
            await look()
            await asyncio.sleep(0)

        asyncio.run(work())
    """
    told = [line for line in story(play(run, text)) if line.startswith("work")]
    waits = ["work suspended", "work resumed"]
    assert told == ["work started", *waits, *waits, "work succeeded"]


def test_a_generator_that_is_left_early_is_cancelled_where_it_was_left(run: Path) -> None:
    """Python 3.13 closes the generator without running its frame."""
    text = """
        def rows():
            yield 1
            yield 2

        def first():
            for row in rows():
                return row

        def after():
            pass

        first()
        after()
    """
    told = story(play(run, text))
    assert told[:3] == ["first started", "rows started", "rows suspended"]
    assert told.index("rows cancelled") < told.index("after succeeded")
    assert [line for line in told if line.startswith("rows")][-1] == "rows cancelled"


def test_a_stop_iteration_that_leaves_a_plain_function_is_an_error(run: Path) -> None:
    text = """
        import contextlib

        def exhausted():
            return next(iter([]))

        with contextlib.suppress(StopIteration):
            exhausted()
    """
    assert story(play(run, text)) == ["exhausted started", "exhausted failed"]


@pytest.mark.skipif(
    sys.version_info < (3, 12),
    reason="to a trace function it looks like an error that leaves the frame at the same yield",
)
def test_a_generator_that_catches_a_thrown_error_continues(run: Path) -> None:
    text = """
        def stubborn():
            for _ in range(2):
                try:
                    yield
                except ValueError:
                    pass

        it = stubborn()
        next(it)
        it.throw(ValueError("no"))
        next(it, None)
    """
    waits = ["stubborn suspended", "stubborn resumed"]
    told = story(play(run, text))
    assert told == ["stubborn started", *waits, *waits, "stubborn succeeded"]


def test_a_function_named_like_a_method_needs_no_arguments(run: Path) -> None:
    text = "def __init__():\n    pass\n\n__init__()\n"
    assert story(play(run, text)) == ["__init__ started", "__init__ succeeded"]


def test_an_error_that_passes_an_async_with_ends_the_generator(run: Path) -> None:
    text = """
        import asyncio
        import contextlib

        @contextlib.asynccontextmanager
        async def session():
            async with asyncio.Lock():
                yield

        async def work():
            async with session():
                raise ValueError("no")

        with contextlib.suppress(ValueError):
            asyncio.run(work())
    """
    told = story(play(run, text))
    assert told[-2:] == ["session failed", "work failed"]
