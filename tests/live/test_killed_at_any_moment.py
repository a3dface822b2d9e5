"""Any process of a run is killed at a random moment, and nothing of the run is left."""

import asyncio
import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from quiz.runs.service import Runs
from tests.live.players import playing, write_demo, zygote
from tests.waiting import wait_until

# An order at which a pool of Celery's and a work horse of RQ's work until they are killed.
MAIN = """
import os
import time

import redis
import rq
from celery import Celery
from fastapi import FastAPI

SECONDS = 60

celery = Celery("main", broker=os.environ["REDIS_URL"])
queue = rq.Queue(connection=redis.Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


def pack() -> None:
    time.sleep(SECONDS)


@celery.task
def bill() -> None:
    time.sleep(SECONDS)


@app.post("/orders")
def create_order() -> None:
    bill.delay()
    bill.delay()
    queue.enqueue(pack)
"""
SCENARIO = """
def play(stage):
    stage.broker()
    stage.start("celery", "-A", "main:celery", "worker", "--concurrency", "2", "--without-mingle")
    stage.start("rq", "worker", "--url", stage.redis_url)
    stage.serve()
    stage.post("/orders")
    stage.until("succeeded", "pack", seconds=55)
"""
# All are at work after half of it.
LATEST_SECONDS = 3.0
# A zygote and the crew that stands ready: an owner with a process for the client and one for a web.
AT_REST = 4
Victims = Callable[[], Sequence[psutil.Process]]


def crews() -> list[psutil.Process]:
    """The zygote's children that live, the oldest first: it owns the run, others stand ready."""
    alive = [p for p in zygote().children() if p.status() != psutil.STATUS_ZOMBIE]
    return sorted(alive, key=lambda process: process.create_time())


def left() -> Iterator[str]:
    """All below this process beyond what is there at rest, and folders with who works in them."""
    below = psutil.Process().children(recursive=True)
    if len(below) != AT_REST:
        yield from map(str, below)
    for process in below:
        yield from (f"{c.laddr}" for c in process.net_connections() if c.status == "LISTEN")
    here = Path(tempfile.gettempdir())
    yield from map(str, here.glob("*after-response-*"))
    for process in psutil.process_iter(["cwd"]):
        if (process.info["cwd"] or "").startswith(f"{here}/"):
            yield str(process)


def nothing_is_left() -> bool:
    try:
        return not list(left())
    except psutil.Error:
        return False  # one ended while we looked


async def kill(runs: Runs, victims: Victims, moment: float) -> None:
    """Start a run, and at that moment kill these of its processes in one instant."""
    run = await runs.start("sample")
    await wait_until(lambda: run.status == "running" and crews(), "it has its owner")
    await asyncio.sleep(moment)
    killed = victims()
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process in killed:
            os.kill(process.pid, number)
    await runs.wait(run.id, 20)
    assert (run.status, run.fault) == ("failed", "app")
    await wait_until(nothing_is_left, "nothing is left")


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("victims", "times"),
    [
        pytest.param(lambda: crews()[:1], 10, id="owner"),
        pytest.param(lambda: [zygote()], 1, id="zygote"),
        pytest.param(lambda: [zygote(), *crews()[:1]], 2, id="zygote and owner"),
    ],
)
async def test_a_run_killed_at_any_moment_leaves_nothing(
    tmp_path: Path, victims: Victims, times: int
) -> None:
    seed = random.getrandbits(32)
    chance = random.Random(seed)
    async with playing(tmp_path, write_demo(tmp_path, main=MAIN, scenario=SCENARIO)) as runs:
        for moment in [chance.uniform(0.0, LATEST_SECONDS) for _ in range(times)]:
            try:
                await kill(runs, victims, moment)
            except AssertionError as error:
                error.add_note(f"Seed {seed}, killed at {moment:.3f} s.")
                raise
