"""What an owner tells the web process of its run, no more of it than the run's limits allow."""

import os
from collections.abc import Mapping
from typing import Any

from quiz.runs.stage import wire


class Stream:
    """`fd` is shared with the other runs of the zygote, so that each line says whose it is.

    `events` and `output_bytes` are what there was, also where not all of it was told.
    """

    def __init__(self, fd: int, run: str, limits: Mapping[str, float]) -> None:
        self._fd = fd
        self._run = run
        self._limits = limits
        self._prefix = b'{"id":"' + run.encode() + b'","event":'
        self.events = self.output_bytes = 0

    def event(self, line: bytes) -> None:
        """JSON, without its newline."""
        self.events += 1
        if self.events <= self._limits["events"]:
            self._write(self._prefix + line + b"}\n")
        elif self.events == self._limits["events"] + 1:
            self.say(truncated=True)

    def output(self, data: bytes) -> None:
        room = max(0, int(self._limits["output_bytes"]) - self.output_bytes)
        self.output_bytes += len(data)
        text = data[:room].decode(errors="replace")
        for start in range(0, len(text), wire.OUTPUT_CHARACTERS):
            self.say(output=text[start : start + wire.OUTPUT_CHARACTERS])

    def say(self, **message: Any) -> None:
        self._write(wire.pack({"id": self._run, **message}))

    def _write(self, data: bytes) -> None:
        """Raises LineError: a longer line would be torn by those of other runs."""
        if len(data) > wire.MESSAGE_BYTES:
            raise wire.LineError(f"A message of this run has {len(data):,} bytes.")
        while data:
            data = data[os.write(self._fd, data) :]
