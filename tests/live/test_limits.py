"""Processes and memory that many runs at once take, and that one run with workers takes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.runs.local_runner import START_SECONDS
from quiz.runs.run import Run
from quiz.runs.scheduler import STARTS_AT_ONCE
from quiz.settings import Settings
from tests.live.players import playing, write_demo

MANY, WITHIN_SECONDS, MEMORY_MB = 20, 2.0, 450
WORKERS = """
import os
import time

import redis
import rq
from celery import Celery
from fastapi import FastAPI

SECONDS = 1.0

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
    stage.until("succeeded", "pack", seconds=20)
    stage.until("succeeded", "bill", count=2, seconds=20)
"""


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    app = create_app(replace(settings, memory_mb=MEMORY_MB))
    with TestClient(app, base_url="http://localhost:8000") as client:
        yield client


def different(client: TestClient) -> list[tuple[str, str]]:
    """Twenty quick variants, of as many demos as there are."""
    demos = client.get("/sandbox").json()["demos"]
    told = [
        (number, variant["seconds"], demo["name"], variant["name"])
        for demo in demos
        for number, variant in enumerate(
            sorted((v for v in demo["variants"] if v["available"]), key=lambda v: v["seconds"])
        )
    ]
    return [(demo, variant) for *_, demo, variant in sorted(told)[:MANY]]


def start(client: TestClient, demo: str, variant: str) -> str:
    answer = client.post(f"/sandbox/{demo}/runs", json={"variant": variant})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def now(client: TestClient, ids: list[str]) -> list[Run]:
    """All as they are in one and the same instant, in the order of asking."""
    assert client.portal
    runs = client.app_state["runs"]

    async def copies() -> list[Run]:
        # Nothing is awaited in between, because all runs are live.
        return [replace(await runs.get(id)) for id in ids]

    found = client.portal.call(copies)
    return sorted(found, key=lambda run: run.created)


def assert_limits_are_kept(runs: list[Run]) -> None:
    running = [run for run in runs if run.status == "running"]
    assert len(running) == 1 or sum(run.memory_mb for run in running) <= MEMORY_MB
    lately = datetime.now(UTC) - timedelta(seconds=START_SECONDS / 2)
    starting = [r for r in running if r.zero_ns is None and r.started and r.started > lately]
    assert len(starting) <= STARTS_AT_ONCE
    places = [run.place for run in runs if run.place is not None]
    assert places == list(range(1, len(places) + 1))


@pytest.mark.timeout(180)
def test_twenty_different_runs_within_two_seconds_all_end_well_queued_as_the_limits_say(
    client: TestClient,
) -> None:
    asked = different(client)
    with ThreadPoolExecutor(MANY) as callers:
        ids = list(callers.map(lambda one: start(client, *one), asked))
    runs, deadline = now(client, ids), time.monotonic() + 150
    assert len(set(asked)) == MANY
    assert (runs[-1].created - runs[0].created).total_seconds() < WITHIN_SECONDS
    assert any(run.place for run in runs)
    while not all(run.is_over for run in runs) and time.monotonic() < deadline:
        assert_limits_are_kept(runs)
        time.sleep(0.02)
        runs = now(client, ids)
    assert {(r.demo, r.variant): r.reason for r in runs if r.status != "finished"} == {}
    for environment in {run.environment for run in runs}:
        begun = [run.started for run in runs if run.environment == environment]
        assert begun == sorted(begun, key=str)


async def test_a_run_with_a_broker_and_two_workers_stays_below_250_mb(tmp_path: Path) -> None:
    """A pool of two and a work horse among them; the owner counts, and ends what has more."""
    root = write_demo(tmp_path, main=WORKERS, scenario=SCENARIO)
    async with playing(tmp_path, root, run_memory_mb=250) as runs:
        run = await runs.wait((await runs.start("sample")).id, 50)
        assert (run.status, run.reason) == ("finished", None)
        assert run.timeline.facts["count"] == {"create_order": 1, "bill": 2, "pack": 1}
