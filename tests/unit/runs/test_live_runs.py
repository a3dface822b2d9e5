"""Runs in memory: their watchers, the active run per learner and slot, and ranks per address."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from quiz.runs.active_runs import ActiveRuns
from quiz.runs.live_runs import FINISHED_IN_MEMORY, LiveRuns
from quiz.runs.run import Run
from quiz.runs.scheduler import FIRST, FURTHER, LEARNER


def run(id: str = "r", **changed: Any) -> Run:
    usual: dict[str, Any] = {"demo": "d", "variant": "v", "environment": "current"}
    usual |= {"parameters": {}, "seconds": 1.0, "memory_mb": 40, "created": datetime.now(UTC)}
    return Run(id=id, source={}, functions=(), **usual | changed)


def finish(run: Run) -> None:
    run.apply({"ended": {"status": "finished"}})


async def test_a_waiting_caller_wakes_when_the_run_ends() -> None:
    live, one = LiveRuns(), run()
    live.add(one)
    waiting = asyncio.create_task(live.wait(one, 30))
    await asyncio.sleep(0)
    finish(one)
    live.notify(one)
    await asyncio.wait_for(waiting, 5)


async def test_wait_with_begun_returns_when_time_zero_is_known() -> None:
    live, one = LiveRuns(), run()
    live.add(one)
    waiting = asyncio.create_task(live.wait(one, 30, begun=True))
    await asyncio.sleep(0)
    one.apply({"zero": 5})
    live.notify(one)
    await asyncio.wait_for(waiting, 5)
    assert not one.is_over


async def test_watching_ends_when_the_server_stops() -> None:
    live, one = LiveRuns(), run()
    live.add(one)
    seen = 0
    async with asyncio.timeout(5):
        async for _ in live.watch(one):
            seen += 1
            live.close()
    assert seen == 1


async def test_the_oldest_finished_runs_leave_memory_and_unfinished_runs_stay() -> None:
    live = LiveRuns()
    runs = [run(str(number)) for number in range(FINISHED_IN_MEMORY + 2)]
    for one in runs:
        live.add(one)
    for one in runs[1:]:
        finish(one)
        live.retire(one)
    assert live.get("0") is runs[0]
    assert (live.get("1"), live.get("2")) == (None, runs[2])
    assert live.unfinished() == [runs[0]]


def test_a_learner_has_one_active_run_per_slot() -> None:
    active, own, beside = ActiveRuns(), run("own", learner="ada"), run(learner="ada", slot="1")
    for one in (own, beside):
        active.add(one)
    assert (active.of("ada", ""), active.of("ada", "1"), active.of("bob", "")) == (
        own,
        beside,
        None,
    )
    active.remove(own)
    assert (active.of("ada", ""), active.of("ada", "1")) == (None, beside)


def test_runs_without_learner_and_slot_are_not_limited() -> None:
    active = ActiveRuns()
    active.add(run())
    assert active.of(None, "") is None


def test_only_the_first_active_run_of_an_address_ranks_before_further_ones() -> None:
    active, first = ActiveRuns(), run(learner="ada", address="192.0.2.1")
    assert (active.rank(""), active.rank("192.0.2.1")) == (LEARNER, FIRST)
    active.add(first)
    assert (active.rank("192.0.2.1"), active.rank("192.0.2.2")) == (FURTHER, FIRST)
    active.remove(first)
    assert active.rank("192.0.2.1") == FIRST
