"""Runs broken by hand: the signals are real and marked, and the runs still finish."""

import asyncio
from pathlib import Path

import pytest

from quiz.figure import tell
from quiz.runs.engine.environments import Environments
from quiz.runs.errors import Unbreakable
from quiz.runs.run import Run
from quiz.runs.service import Runs
from quiz.timeline import CLIENT
from tests.live.once import DEMOS, calls_of
from tests.live.players import playing, write_demo
from tests.waiting import wait_until

# Whichever comes first waits until all are broken.
pytestmark = pytest.mark.timeout(300)
AT_ONCE = 6
EVERY = [
    (demo.name, variant.name, what)
    for demo in DEMOS.values()
    for variant in demo.variants.values()
    for what in variant.breaks
]
Broken = dict[tuple[str, str, str], Run]
# A worker that leaves while what it has forked is at work.
LEAVING = """
import os
import time

from fastapi import FastAPI

SECONDS = 30.0

app = FastAPI()


@app.post("/")
async def start() -> None: ...


def bill() -> None:
    time.sleep(SECONDS)


if __name__ == "__main__" and os.fork() == 0:
    bill()
"""
LEFT = """
def play(stage):
    stage.serve()
    stage.post("/")
    worker = stage.start("python", "main.py", ready=False)
    stage.until("started", "bill")
    stage.gone(worker)
    horse = stage.where("started", "bill")
    stage.kill(horse)
    stage.gone(horse)
"""


@pytest.fixture(scope="module")
def broken(environments: Environments, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """Each part that can be broken, broken once while it was busy."""
    return asyncio.run(_broken(tmp_path_factory.mktemp("broken")))


async def _broken(folder: Path) -> Broken:
    places = asyncio.Semaphore(AT_ONCE)

    async def play(demo: str, variant: str, what: str) -> Run:
        async with places:
            run = await runs.start(demo, variant)
            await _at_work(run, what)
            await _break(runs, run, what)
            return await runs.wait(run.id, 70)

    async with playing(folder) as runs:
        return dict(zip(EVERY, await asyncio.gather(*(play(*e) for e in EVERY)), strict=True))


async def _at_work(run: Run, what: str) -> None:
    """The report is asked for where its connection is to be closed; else the work has begun."""

    def begun() -> bool:
        spans = run.timeline.spans
        if what == "connection":
            return any(s.lane == CLIENT and s.name.startswith("GET") for s in spans)
        waits = run.demo in ("one_request", "limit_concurrency")
        return any(span.is_call and (span.background or waits) for span in spans)

    await wait_until(lambda: run.is_over or begun(), f"{run.variant} is at work", 30)


async def _break(runs: Runs, run: Run, what: str) -> None:
    """Repeat the fault until the run shows it: its target may have to start again first."""
    async with asyncio.timeout(10):
        while not (run.is_over or run.broken):
            await runs.break_(run.id, what)
            await runs.wait(run.id, 0.01)


@pytest.mark.parametrize(("demo", "variant", "what"), EVERY)
def test_a_broken_run_is_marked_and_finishes(
    broken: Broken, demo: str, variant: str, what: str
) -> None:
    run = broken[demo, variant, what]
    assert (run.status, run.broken) == ("finished", [what])
    assert not run.decides
    assert any(event.by_hand for event in run.timeline.events)
    assert "by hand" in str(tell(run.timeline))


def test_a_job_whose_worker_is_killed_is_not_done(broken: Broken) -> None:
    for demo, variant, job in (
        ("long_task", "worker", "export"),
        ("poll", "right", "make_report"),
    ):
        run = broken[demo, variant, "worker"]
        assert job in run.timeline.facts["undone"]
        assert run.timeline.facts["doubled"] == []


def test_background_tasks_are_lost_with_their_web_process(broken: Broken) -> None:
    run = broken["long_task", "awaiting", "web"]
    assert run.timeline.facts["lost"] == ["export"]
    (web,) = [process for process in run.timeline.processes if process.by_hand]
    assert (web.name, web.ended_by) == ("web", "killed")


def test_a_broker_is_stopped_and_not_killed(broken: Broken) -> None:
    run = broken["poll", "right", "broker"]
    (broker,) = [process for process in run.timeline.processes if process.by_hand]
    assert broker.ended_by == "exited"


def test_the_work_continues_when_the_client_disconnects(broken: Broken) -> None:
    for demo, variant in (("one_request", "report"), ("poll", "awaited")):
        run = broken[demo, variant, "connection"]
        *_, asked = [span for span in run.timeline.spans if span.lane == CLIENT]
        assert (asked.ended_by, asked.by_hand) == ("failed", True)
        calls = [span for span in run.timeline.spans if span.is_call and span.start_ms > 0]
        assert {span.ended_by for span in calls} == {"succeeded"}
        assert run.timeline.facts["undone"] == []


def test_each_unfinished_job_of_one_name_is_counted(broken: Broken) -> None:
    run = broken["arq", "ten_at_once", "worker"]
    done = [span for span in calls_of(run, "send_to") if span.ended_by == "succeeded"]
    assert run.timeline.facts["undone"].count("send_to") == 12 - len(done)


def test_a_worker_finishes_its_job_after_the_web_process_is_killed(broken: Broken) -> None:
    for variant in ("right", "awaited", "events"):
        run = broken["poll", variant, "web"]
        assert "make_report" not in run.timeline.facts["undone"]
        assert calls_of(run, "make_report")[0].ended_by == "succeeded"


async def test_a_job_is_cut_when_its_worker_process_exits(tmp_path: Path) -> None:
    root = write_demo(tmp_path, main=LEAVING, scenario=LEFT)
    async with playing(tmp_path, root) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    (bill,) = calls_of(run, "bill")
    (killed,) = [event for event in run.timeline.events if event.event == "killed"]
    assert (run.status, bill.is_cut, bill.lane) == ("finished", True, f"main {bill.process}")
    assert (killed.name, killed.process, killed.lane) == ("main", bill.process, bill.lane)


async def test_an_impossible_break_is_refused_with_the_reason(tmp_path: Path) -> None:
    more = "    breaks: [web]\n"
    async with playing(tmp_path, write_demo(tmp_path, more=more)) as runs:
        run = await runs.start("sample")
        with pytest.raises(Unbreakable, match="not begun yet"):
            await runs.break_(run.id, "web")
        with pytest.raises(Unbreakable, match="'worker' is nothing that can be broken"):
            await runs.break_(run.id, "worker")
        await runs.wait(run.id, 20)
        with pytest.raises(Unbreakable, match="is over"):
            await runs.break_(run.id, "web")


async def test_a_run_cancelled_right_after_its_request_is_cancelled(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        await runs.wait((await runs.start("sample")).id, 20)  # the environment is warm from here
        run = await runs.start("sample", parameters={"seconds": 60})
        await runs.cancel(run.id)
        assert run.status == "cancelled"
