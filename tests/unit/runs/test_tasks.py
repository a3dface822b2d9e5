"""Background tasks: they can be waited for and cancelled, and a failure is logged."""

import asyncio

import pytest

from quiz.runs.tasks import TaskSet


async def test_join_waits_for_all_tasks_and_for_those_they_spawn() -> None:
    tasks, done = TaskSet(), list[str]()

    async def last() -> None:
        await asyncio.sleep(0)
        done.append("last")

    async def first() -> None:
        tasks.spawn(last())
        done.append("first")

    tasks.spawn(first())
    await tasks.join()
    assert done == ["first", "last"]


async def test_cancel_returns_once_every_task_has_cleaned_up() -> None:
    tasks, begun, cleaned = TaskSet(), asyncio.Event(), list[bool]()

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    tasks.spawn(work())
    await begun.wait()
    await tasks.cancel()
    assert cleaned == [True]


async def test_a_task_that_fails_is_logged_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks, done = TaskSet(), list[bool]()

    async def fail() -> None:
        raise ValueError("no such lamp")

    async def succeed() -> None:
        await asyncio.sleep(0)
        done.append(True)

    tasks.spawn(fail())
    tasks.spawn(succeed())
    await tasks.join()
    assert done == [True]
    assert "A background task failed: no such lamp" in caplog.text
