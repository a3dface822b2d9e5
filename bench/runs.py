"""Runs: how soon their own response is sent, how well they keep time, what memory they take.

A run tells where its zero lies on the machine's monotonic clock, which is ours too.
"""

import asyncio
import contextlib
import json
import secrets
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from bench.figures import BenchError, Figure, percentile, spread
from bench.server import Address, Place, Served, quiz

PATH = "/sandbox/task_order/runs"
QUICK = {"task_a_seconds": 0.1, "task_b_seconds": 0.1}
SLEEPER = {"task_a_seconds": 0.2, "task_b_seconds": 0.1}
LASTING = {"task_a_seconds": 2.5, "task_b_seconds": 0.1}
ONE_BY_ONE, AT_ONCE, ROUNDS = 30, 60, 3
# A broker, two workers of Celery and a web server with the partner that they call.
WORKERS = {"variant": "celery_two"}
OVER = ("finished", "failed", "timed_out", "cancelled")


@dataclass(frozen=True, slots=True)
class Played:
    """A finished run: ms from our POST to its own response; how far its 200 ms sleep was off."""

    latency_ms: float
    error_ms: float


def figures(at: Place) -> Iterator[Figure]:
    with quiz(at, at.new("data"), QUIZ_MEMORY_MB="4000") as served:
        warm(served)
        address = served.address
        latencies = [_one(address).latency_ms for _ in range(ONE_BY_ONE)]
        most = f"p95 {percentile(latencies, 0.95):.1f} ms"
        yield Figure(
            "POST …/runs to the demo's own response, median",
            statistics.median(latencies),
            25,
            "ms",
            notes=(f"{ONE_BY_ONE} runs of task_order, one after another; {most}.",),
        )
        rounds = [asyncio.run(_at_once(address, SLEEPER)) for _ in range(ROUNDS)]
        yield from _of_rounds(rounds)
        yield _memory(served)
        yield _memory_of_workers(served)


def warm(served: Served) -> None:
    """Starts the zygote with one run, and waits for it."""
    body = {"parameters": QUICK}
    run = served.address.json("POST", PATH, body, prefer="wait=30")
    if run["status"] != "finished":
        raise BenchError(f"A first run is {run['status']}: {run.get('reason')}. `quiz prepare`?")


def _one(address: Address) -> Played:
    before = time.monotonic_ns()
    run = address.json("POST", PATH, {"parameters": QUICK}, prefer="wait=30")
    return _played(run, before)


def _played(run: Mapping[str, Any], posted_ns: int) -> Played:
    if run["status"] != "finished":
        raise BenchError(f"A run is {run['status']}: {run['reason']}")
    facts = run["facts"]
    slept = facts["call"]["task_a"]["took_ms"]
    return Played(
        latency_ms=(run["zero_ns"] - posted_ns) / 1e6 + facts["response"]["sent_ms"],
        error_ms=abs(slept - run["parameters"]["task_a_seconds"] * 1000),
    )


async def _at_once(address: Address, parameters: Mapping[str, float]) -> list[Played]:
    """Sixty, evenly over a second; looked up when all are over, so as not to disturb them."""
    asked = await asyncio.gather(*await _posted(address, parameters))
    await asyncio.sleep(sum(parameters.values()) + 0.5)
    return [_played(_ended(address, id), posted) for id, posted in asked]


async def _posted(
    address: Address, parameters: Mapping[str, float]
) -> list[asyncio.Task[tuple[str, int]]]:
    began = time.monotonic()
    posts = []
    for n in range(AT_ONCE):
        await asyncio.sleep(max(0.0, began + n / AT_ONCE - time.monotonic()))
        posts.append(asyncio.create_task(_post(address, parameters)))
    return posts


async def _post(address: Address, parameters: Mapping[str, float]) -> tuple[str, int]:
    """The id of the run, and the time of its request."""
    body = json.dumps({"parameters": parameters}).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: {address.host}\r\nConnection: close\r\n"
    # As another learner: without a cookie an address has one run at a time.
    head += f"Cookie: learner={secrets.token_urlsafe(32)}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    posted = time.monotonic_ns()
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    if not answer.startswith(b"HTTP/1.1 202"):
        raise BenchError(f"A run was refused: {answer[:300]!r}")
    return json.loads(answer.partition(b"\r\n\r\n")[2])["id"], posted


def _ended(address: Address, id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while (run := address.json("GET", f"/sandbox/runs/{id}"))["status"] not in OVER:
        if time.monotonic() > deadline:
            raise BenchError(f"Run {id} does not end.")
        time.sleep(0.1)
    return run


def _of_rounds(rounds: list[list[Played]]) -> Iterator[Figure]:
    latencies = [percentile([run.latency_ms for run in runs], 0.95) for runs in rounds]
    errors = [percentile([run.error_ms for run in runs], 0.95) for runs in rounds]
    middle = statistics.median(run.latency_ms for runs in rounds for run in runs)
    how = f"Evenly over a second, the median of {ROUNDS} rounds' p95"
    yield Figure(
        f"{AT_ONCE} runs started within a second: the same, p95",
        statistics.median(latencies),
        60,
        "ms",
        notes=(f"{how}: {spread(latencies, 1)} ms; median of all {middle:.1f} ms.",),
    )
    yield Figure(
        "  their error of a 200 ms sleep, p95",
        statistics.median(errors),
        5,
        "ms",
        notes=(f"As above: {spread(errors, 1)} ms.",),
    )


def _memory(served: Served) -> Figure:
    """Memory of runs, in a separate round, because reading the sizes would disturb the others."""
    sizes = asyncio.run(_sizes_while(served))
    return Figure(
        "  private memory of a run's tree, median",
        statistics.median(sizes),
        20,
        "MB",
        notes=(f"{len(sizes)} trees alive at once; the largest has {max(sizes):.1f} MB.",),
    )


async def _sizes_while(served: Served) -> list[float]:
    await asyncio.gather(*await _posted(served.address, LASTING))
    trees = await asyncio.to_thread(_trees, served.process)
    return [sum(p.memory_full_info().uss for p in tree) / 1e6 for tree in trees]


def _memory_of_workers(served: Served) -> Figure:
    """The most that it has at once: its share of what it has in common with the zygote included."""
    run = served.address.json("POST", "/sandbox/rate_limit/runs", WORKERS)
    sizes: list[float] = []
    while served.address.json("GET", f"/sandbox/runs/{run['id']}")["status"] not in OVER:
        with contextlib.suppress(psutil.Error):  # one ended while we looked
            sizes += [
                sum(p.memory_full_info().pss for p in tree) / 1e6 for tree in _trees(served.process)
            ]
    ended = _ended(served.address, run["id"])
    if ended["status"] != "finished" or not sizes:
        raise BenchError(f"A run with two workers is {ended['status']}: {ended['reason']}")
    return Figure(
        "a run with a broker and two workers, PSS of its tree at its largest",
        max(sizes),
        250,
        "MB",
        notes=(f"rate_limit, {WORKERS['variant']}, looked at {len(sizes)} times.",),
    )


def _trees(server: psutil.Process) -> list[set[psutil.Process]]:
    """Of each run its processes, known by their working directory, and their owner."""
    trees: dict[str, set[psutil.Process]] = {}
    for process in server.children(recursive=True):
        _, mark, below = process.cwd().partition("/after-response-")
        if mark:
            tree = trees.setdefault(below.split("/")[1], set())
            tree |= {process, process.parent() or process}
    return list(trees.values())
