"""The intake of a run's events: it reads the pipe, checks each line, and passes each event on."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.probe import record
from quiz.runs.stage.programs.running import Program
from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.outgoing import OutgoingStream

CHUNK_BYTES = 65536


class EventIntake:
    """`listeners` receive each event before it is sent to the web process."""

    def __init__(self, pipe: Path, ledger: EventLedger, out: OutgoingStream) -> None:
        # Opened for writing too, so that the pipe has a writer as long as the supervisor lives.
        self.fd = os.open(pipe, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self._ledger = ledger
        self._out = out
        self._lines = wire.Lines()

    def read(self) -> None:
        """Take all events that are in the pipe now. Raises RecordError and LineError."""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.fd, CHUNK_BYTES):
                for line in self._lines.feed(data, wire.MOST_BYTES):
                    self.take(line)
                if len(data) < CHUNK_BYTES:
                    break

    def take(self, line: bytes) -> None:
        """Raises RecordError if the line is neither an event nor says that a process is ready."""
        event = record.read(line)
        if pid := event.get(wire.READY):
            self._ledger.add_ready(pid, event[wire.PORT])
            return
        for listener in self.listeners:
            listener(event)
        self._ledger.add(event)
        self._out.event(line)

    def report(self, program: Program, event: str, /, **detail: Any) -> None:
        """An event of a process, which the supervisor reports in its place."""
        fields = {
            "t": time.monotonic_ns(),
            "event": event,
            "detail": detail,
            "name": program.name,
            "lane": program.lane,
            "process": program.pid,
            "thread": "MainThread",
        }
        self.take(wire.pack(fields)[:-1])
