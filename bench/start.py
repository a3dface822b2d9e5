"""How long the app takes to start, and its memory while it is idle."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.figures import Figure, spread
from bench.runs import warm
from bench.server import Place, Served, quiz

STARTS = 5
IDLE_SECONDS = 5.0


def figures(at: Place) -> Iterator[Figure]:
    data = at.new("data")
    # The first one makes the database and compiles the modules.
    _, *taken = [_start(at, data) for _ in range(STARTS + 1)]
    yield Figure(
        "Warm start to the first page",
        statistics.median(taken),
        1.5,
        "s",
        notes=(f"Start of the process to the 200 for `/`; each: {spread(taken)} s.",),
    )
    with quiz(at, data) as served:
        warm(served)
        served.address.ask("GET", "/")
        yield _idle(served)


def _start(at: Place, data: Path) -> float:
    with quiz(at, data) as served:
        status, _ = served.address.ask("GET", "/")
        assert status == 200, status
        return time.perf_counter() - served.began


def _idle(served: Served) -> Figure:
    time.sleep(IDLE_SECONDS)
    processes = [served.process, *served.process.children(recursive=True)]
    each = [_pss_mb(process) for process in processes]
    parts = f"{each[0]:.0f} MB are the web process's, the rest its zygote's and its spare owner's"
    return Figure(
        "Idle app with its zygote, PSS",
        sum(each),
        150,
        "MB",
        notes=(f"{len(each)} processes, {IDLE_SECONDS:g} s after a run and a page; {parts}.",),
    )


def _pss_mb(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6
