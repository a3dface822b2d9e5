"""The app on a real socket, in a thread of the tests."""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from quiz.app import create_app
from quiz.settings import Settings


@contextmanager
def served(settings: Settings, seconds: float = 20.0) -> Iterator[tuple[str, int]]:
    """Host and port under which it answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings),
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + seconds
        while not server.started:
            assert thread.is_alive(), "The server could not start."
            assert time.monotonic() < deadline, "The server did not start in time."
            time.sleep(0.01)
        yield listener.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@dataclass(frozen=True)
class Server:
    """One that several tests share: who comes without a cookie is somebody else."""

    address: str
    data: Path

    def end_runs(self) -> None:
        """Those that a test has left as it had seen enough of them."""
        with closing(sqlite3.connect(self.data / "quiz.sqlite3")) as database:
            left = database.execute("SELECT id FROM run WHERE status IN ('queued', 'running')")
            for (id,) in left.fetchall():
                httpx2.delete(f"{self.address}/sandbox/runs/{id}", timeout=20)


@contextmanager
def shared(data: Path, **given: Any) -> Iterator[Server]:
    """`given` are settings; environments lie in the cache that all share."""
    cache = Settings.read(os.environ).cache
    settings = replace(Settings(data=data, cache=cache, port=0), **given)
    with served(settings) as (host, port):
        yield Server(f"http://{host}:{port}", data)
