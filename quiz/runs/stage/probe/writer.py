"""Writes events of this process into the run's pipe, each with one unbuffered write."""

import asyncio
import contextlib
import itertools
import os
import threading
import time
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.probe import record

PIPE, WORK = "events", "work"  # in the run's folder: its pipe, and the folder of the demo's files
ANYIO_THREAD = "AnyIO worker thread"
POOLED_THREADS = (ANYIO_THREAD, "asyncio_", "uvloop_", "ThreadPoolExecutor")
MOST_ERROR_CHARACTERS = 300


class EventWriter:
    """`run` is the run's folder. `role` names a worker or scheduler, whose work is background."""

    def __init__(self, run: str, role: str = "") -> None:
        self.role = role
        self.pid = os.getpid()
        self.is_ready = False
        self._pipe = os.open(os.path.join(run, PIPE), os.O_WRONLY | os.O_CLOEXEC)
        self._anyio_threads: dict[int, int] = {}
        # Threads take serials at the same time. `next` of a counter returns none twice.
        self._serials = itertools.count(1)

    def emit(self, event: str, name: str, lane: str, detail: dict[str, Any], t: int = 0) -> None:
        """Write an event. `t` is in ns of the monotonic clock, by default now."""
        line = record.line_of(
            {
                "t": t or time.monotonic_ns(),
                "event": event,
                "name": name,
                "lane": lane,
                "process": self.pid,
                "thread": self._thread(),
                "detail": detail,
            }
        )
        # The pipe has no reader when the run is over.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, line)

    def ready(self, port: int) -> None:
        """Report that this process takes requests, or jobs (port 0)."""
        self.is_ready = True
        os.write(self._pipe, wire.pack({wire.READY: self.pid, wire.PORT: port}))

    def lane(self) -> str:
        """The lane of the current code: a worker, or a part of another process."""
        if self.role:
            return f"{self.role} {self.pid}"
        if asyncio._get_running_loop() is not None:
            return "event loop"
        thread = threading.current_thread()
        if thread is threading.main_thread():
            return "main thread"
        return "thread pool" if thread.name.startswith(POOLED_THREADS) else "thread"

    def serial(self) -> str:
        """A new id that no other process of the run uses."""
        return f"{self.pid}-{next(self._serials)}"

    def _thread(self) -> str:
        """The thread's name. AnyIO gives all of its threads one name, so a number is added."""
        thread = threading.current_thread()
        if thread.name != ANYIO_THREAD:
            return thread.name
        threads = self._anyio_threads
        number = threads.setdefault(threading.get_ident(), len(threads) + 1)
        return f"{ANYIO_THREAD} {number}"


def describe(error: BaseException) -> str:
    """An error in one line: `ValueError: no such order`."""
    text = " ".join(str(error).split())
    kind = type(error).__name__
    return f"{kind}: {text}"[:MOST_ERROR_CHARACTERS] if text else kind
