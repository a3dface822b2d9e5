"""The outgoing stream of a run to the web process, within the run's limits."""

import os
from collections.abc import Mapping
from typing import Any

from quiz.runs.stage import wire


class OutgoingStream:
    """The runs of a zygote share the descriptor `fd`, so each line contains the id of its run.

    `events` and `output_bytes` count everything, including what exceeded the limits.
    """

    def __init__(self, fd: int, run: str, limits: Mapping[str, float]) -> None:
        self._fd = fd
        self._run = run
        self._limits = limits
        self._prefix = wire.pack({wire.ID: run})[:-2] + b',"event":'
        self.events = self.output_bytes = 0

    def event(self, line: bytes) -> None:
        """Send an event: JSON without its newline."""
        self.events += 1
        if self.events <= self._limits["events"]:
            self._write(self._prefix + line + b"}\n")
        elif self.events == self._limits["events"] + 1:
            self.send({wire.TRUNCATED: True})

    def output(self, data: bytes) -> None:
        room = max(0, int(self._limits["output_bytes"]) - self.output_bytes)
        self.output_bytes += len(data)
        text = data[:room].decode(errors="replace")
        for start in range(0, len(text), wire.OUTPUT_CHARACTERS):
            self.send({wire.OUTPUT: text[start : start + wire.OUTPUT_CHARACTERS]})

    def send(self, message: Mapping[str, Any]) -> None:
        self._write(wire.pack({wire.ID: self._run, **message}))

    def _write(self, data: bytes) -> None:
        """Raises LineError: lines of other runs could split a longer line."""
        if len(data) > wire.MESSAGE_BYTES:
            raise wire.LineError(f"A message of this run has {len(data):,} bytes.")
        while data:
            data = data[os.write(self._fd, data) :]
