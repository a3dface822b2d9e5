"""A server that is stopped or killed takes its runs with it, and says so when it starts again."""

import json
import signal
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.live.test_serve import Served, get, served
from tests.waiting import wait_until

LONG = b'{"parameters": {"task_a_seconds": 5, "task_b_seconds": 5}}'


def start_run(server: Served) -> str:
    """Starts a long run, and returns its address."""
    headers = {"Content-Type": "application/json"}
    url = f"http://127.0.0.1:{server.port}/sandbox/task_order/runs"
    with urllib.request.urlopen(urllib.request.Request(url, LONG, headers), timeout=30) as reply:
        return str(reply.headers["Location"])


def run_json(server: Served, address: str) -> Any:
    return json.loads(get(server.port, address))


def left() -> list[str]:
    """Folders of runs, and processes that work in one."""
    ours = f"{tempfile.gettempdir()}/after-response-"
    cwds = [process.info["cwd"] or "" for process in psutil.process_iter(["cwd"])]
    folders = Path(tempfile.gettempdir()).glob("after-response-*")
    return [*map(str, folders), *(cwd for cwd in cwds if cwd.startswith(ours))]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_nothing_outlives_the_server(number: signal.Signals, tmp_path: Path) -> None:
    with served(tmp_path) as server:
        address = start_run(server)
        await wait_until(
            lambda: run_json(server, address)["facts"]["count"]["task_a"], "task_a started", 20
        )
        family = psutil.Process(server.process.pid).children(recursive=True)
        assert len(family) >= 4
        server.end(number)
        await wait_until(lambda: not any(p.is_running() for p in family), "all ended", 5)
        await wait_until(lambda: not left(), "nothing is left", 5)


async def test_a_restarted_server_reports_the_runs_of_a_killed_one_as_failed(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as server:
        address = start_run(server)
        await wait_until(lambda: run_json(server, address)["status"] == "running", "it runs", 20)
        server.end(signal.SIGKILL)
    with served(tmp_path) as again:
        found = run_json(again, address)
    assert (found["status"], found["fault"]) == ("failed", "app")
    assert found["reason"] == "The server stopped while it ran."


async def test_leftovers_of_a_killed_server_are_removed_at_the_next_start(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        address = start_run(server)
        await wait_until(lambda: run_json(server, address)["facts"]["count"]["task_a"], "it works")
        me = psutil.Process(server.process.pid)
        zygote = next(p for p in me.children() if "zygote" in p.cmdline())
        for process in (zygote, *zygote.children()):
            process.suspend()
        server.end(signal.SIGKILL)
        for process in (*zygote.children(), zygote):
            process.kill()
        assert left()
    with served(tmp_path):
        await wait_until(lambda: not left(), "nothing is left", 5)
