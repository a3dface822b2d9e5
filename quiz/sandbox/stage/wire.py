"""The words and the framing of what owner, zygote and web process say to each other.

JSON lines, version 1.
asked:   {"ask": "run", "id", "files", "scenario", "app", "variant", "parameters", "limits"} ·
{"ask": "cancel", "id"} · {"ask": "break", "id", "what"}
said:    {"ready": 1, "versions"} once · then {"id", ...} with one of "event" (t in ns of the
machine's monotonic clock) · "zero" · "output" · "truncated" (the
limit of events is reached) · "step" · "fact" · "break" · "spared" · "ended"
"""

import json
import os
from typing import Any

VERSION = 1
# A write of at most PIPE_BUF bytes is never torn, however many processes share the pipe (POSIX;
# 4096 on Linux, 512 on macOS, where lines of several writers could in theory mix: there the owner
# is the only one for most).
LINE_BYTES = 3800
OUTPUT_CHUNK = 1200


def pack(message: dict[str, Any]) -> bytes:
    """One line. ASCII only, so that characters are bytes."""
    return json.dumps(message, separators=(",", ":"), default=repr).encode("ascii") + b"\n"


def send(fd: int, message: dict[str, Any]) -> None:
    """Write one line whole; a longer one than a pipe takes at once is written in parts."""
    data = pack(message)
    while data:
        data = data[os.write(fd, data) :]


class Lines:
    """Collects bytes and gives back whole lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines
