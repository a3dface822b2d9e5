"""The app on a real socket, in a thread of the tests."""

import asyncio
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

import uvicorn

from quiz.app import create_app
from quiz.settings import Settings
from quiz.web.core.connections import bounded_protocol


class AppServer(uvicorn.Server):
    """uvicorn whose loop tests can call into."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.address: tuple[str, int] = ("", 0)
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def end_run(self, id: str) -> None:
        """Ends a run of any learner, which the pages do not allow."""
        assert self.loop
        ended = self.lifespan.state["runs"].cancel(id)
        asyncio.run_coroutine_threadsafe(ended, self.loop).result(20)


@contextmanager
def served(settings: Settings, seconds: float = 20.0) -> Iterator[tuple[str, int]]:
    """Host and port of the server."""
    with serving(settings, seconds) as server:
        yield server.address


@contextmanager
def serving(settings: Settings, seconds: float = 20.0) -> Iterator[AppServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings),
        http=bounded_protocol(),
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = AppServer(config)
    server.address = listener.getsockname()[:2]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + seconds
        while not server.started:
            assert thread.is_alive(), "The server could not start."
            assert time.monotonic() < deadline, "The server did not start in time."
            time.sleep(0.01)
        yield server
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@dataclass(frozen=True)
class Server:
    """A server that several tests share. A client without a cookie is a new learner."""

    address: str
    data: Path
    app: AppServer

    def end_runs(self) -> None:
        """Those that a test has left as it had seen enough of them."""
        with closing(sqlite3.connect(self.data / "quiz.sqlite3")) as database:
            left = database.execute("SELECT id FROM run WHERE status IN ('queued', 'running')")
            for (id,) in left.fetchall():
                self.app.end_run(id)


@contextmanager
def shared(data: Path, **given: Any) -> Iterator[Server]:
    """`given` are settings; environments lie in the cache that all share."""
    cache = Settings.read(os.environ).cache
    settings = replace(Settings(data=data, cache=cache, port=0), **given)
    with serving(settings) as app:
        host, port = app.address
        yield Server(f"http://{host}:{port}", data, app)
