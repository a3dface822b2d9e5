"""From the click to the start of a run's first task, with each queue: what a learner waits for.

Broker, worker and web server are started in that time; until the task's end it takes the task's own
time besides. A run tells where its zero lies on the machine's monotonic clock, which is ours too.
"""

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.figures import BenchError, Figure, spread
from bench.server import Address, Place, quiz


@dataclass(frozen=True, slots=True)
class Queue:
    """A demo to run, and the goal in milliseconds for the start of its first `bill`."""

    name: str
    demo: str
    variant: str
    goal_ms: float
    rounds: int = 7


QUEUES = (
    Queue("RQ", "enqueue_latency", "rq", 300),
    Queue("ARQ", "enqueue_latency", "arq", 300),
    Queue("Celery", "enqueue_latency", "celery", 700),
    Queue("Celery on RabbitMQ", "crash", "celery_rabbitmq", 8000, rounds=3),
)


def figures(at: Place) -> Iterator[Figure]:
    with quiz(at, at.new("data")) as served:
        address = served.address
        for queue in QUEUES:
            if needs := _needs(address, queue):
                raise BenchError(needs)
            # The first starts a zygote, or imports the library into it.
            _one(address, queue)
            yield _figure(queue, [_one(address, queue) for _ in range(queue.rounds)])


def _needs(address: Address, queue: Queue) -> str | None:
    demos = {demo["name"]: demo for demo in address.json("GET", "/sandbox")["demos"]}
    variants = {variant["name"]: variant for variant in demos[queue.demo]["variants"]}
    needs: str | None = variants[queue.variant]["needs"]
    return needs


def _one(address: Address, queue: Queue) -> tuple[float, float]:
    """Milliseconds from our POST to the start of the first task, and how many it was queued."""
    before = time.monotonic_ns()
    body = {"variant": queue.variant}
    run = address.json("POST", f"/sandbox/{queue.demo}/runs", body, prefer="wait=60")
    if run["status"] != "finished":
        raise BenchError(f"A run of {queue.name} is {run['status']}: {run.get('reason')}")
    started = run["facts"]["call"]["bill"]["started_ms"]
    return (run["zero_ns"] - before) / 1e6 + started, started - _enqueued(run)


def _enqueued(run: Mapping[str, Any]) -> float:
    events = (e for e in run["events"] if e["event"] == "enqueued" and e["name"] == "bill")
    at: float = next(events)["at_ms"]
    return at


def _figure(queue: Queue, measured: list[tuple[float, float]]) -> Figure:
    waited = [total for total, _ in measured]
    queued = statistics.median(queued for _, queued in measured)
    return Figure(
        f"click to the first task's start, {queue.name}, median",
        statistics.median(waited),
        queue.goal_ms,
        "ms",
        notes=(
            f"{queue.demo}, {queue.variant}: {spread(waited, 0)} ms;"
            f" queued for {queued:.0f} ms of it (median).",
        ),
    )
