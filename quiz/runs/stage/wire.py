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
# The longest message to the web process: several owners share one pipe.
MESSAGE_BYTES = 4096
# Characters of output in one line: as JSON in ASCII a character takes up to twelve bytes.
OUTPUT_CHARACTERS = 300
# What a scenario says and what a process of a run writes are far shorter.
MOST_BYTES = 1_000_000


class LineError(Exception):
    """A line that is too long to be passed on whole."""


def pack(message: dict[str, Any]) -> bytes:
    """One line. ASCII only, so that characters are bytes."""
    return json.dumps(message, separators=(",", ":"), default=repr).encode("ascii") + b"\n"


def shortened(text: str, most: int) -> str:
    """The text, or as much of its end as fits into so many bytes of JSON."""
    while len(json.dumps(text)) > most:
        text = text[len(text) // 4 + 1 :]
    return text


def send(fd: int, message: dict[str, Any]) -> None:
    """Write one line whole; a longer one than a pipe takes at once is written in parts."""
    data = pack(message)
    while data:
        data = data[os.write(fd, data) :]


class Lines:
    """Collects bytes and gives back whole lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes, most: int | None = None) -> list[bytes]:
        """Raises LineError where a line has more than `most` bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if most is not None and len(self._rest) > most:
            raise LineError(f"A line has more than {most:,} bytes.")
        return lines
