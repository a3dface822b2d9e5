"""Messages between a run's processes and the web process: their keys and their framing.

Each message is one line of JSON in ASCII. Both ends of a pipe agree on VERSION.
"""

import json
import os
from typing import Any

VERSION = 1
# POSIX never splits a write of at most PIPE_BUF bytes, however many processes share the pipe.
# PIPE_BUF is 4096 on Linux. It is 512 on macOS, where lines of several writers could mix in theory.
LINE_BYTES = 3800
# Limit of a message to the web process, because several supervisors share one pipe.
MESSAGE_BYTES = 4096
# Characters of output in one line: in ASCII JSON a character takes up to twelve bytes.
OUTPUT_CHARACTERS = 300
# Messages of a scenario and events of a run's processes are far shorter.
MOST_BYTES = 1_000_000

# From the web process to the zygote, and on to the supervisor of the run with this id.
ASK = "ask"  # one of the next three
RUN, CANCEL, BREAK = "run", "cancel", "break"
ID = "id"
WHAT = "what"  # what to break: web, worker, broker or connection
FILES, IMPORTS, LIMITS = "files", "imports", "limits"
SCENARIO, APP, VARIANT, PARAMETERS = "scenario", "app", "variant", "parameters"
CURVES, PROGRAMS = "curves", "programs"

# From the zygote, once: {"ready": VERSION, "versions": {package: version}}.
# From a process of a run: {"ready": pid, "port"} as soon as it takes requests or jobs.
READY, PORT, VERSIONS = "ready", "port", "versions"

# From a supervisor to the web process: the run's id and one of these.
EVENT = "event"  # `t` in it is in ns of the machine's monotonic clock
ZERO, OUTPUT, TRUNCATED = "zero", "output", "truncated"
BROKEN_BY_LEARNER, SPARED = "break", "spared"
ENDED = "ended"  # status, fault, reason, t, timing_error_ms, events, output_bytes
# A scenario sends these, and the supervisor passes them on as they are (ZERO too).
STEP, FACT, SAMPLE, PAGES = "step", "fact", "sample", "pages"

# From a scenario to its supervisor. The first key of a message is its verb.
SERVE, OPTIONS = "serve", "options"
COMMAND, WORKS = "command", "works"
EXECUTE = "execute"  # {"argv", "role", "environ", "output"}
SIGNAL, NUMBER = "signal", "number"
ENVIRON = "environ"
UNTIL, NAME, COUNT, SECONDS = "until", "name", "count", "seconds"
GONE, SETTLE, LAST = "gone", "settle", "last"
DONE, BROKEN = "done", "broken"
# The supervisor's answers: {"pid", "port"}, {"met"}, {"last"}, {"error"} or {}.
PID, MET, ERROR = "pid", "met", "error"

# The assignment of a child that the supervisor forked ahead, beside APP, OPTIONS, ENVIRON and ASK.
FOLDER, FILE_BYTES, ARGV, PROGRAM = "run", "file_bytes", "argv", "program"


class LineError(Exception):
    """A line is longer than its pipe allows."""


def pack(message: dict[str, Any]) -> bytes:
    """One line of ASCII, so that each character is one byte."""
    return json.dumps(message, separators=(",", ":"), default=repr).encode("ascii") + b"\n"


def verb_of(message: dict[str, Any]) -> str:
    """The first key of a scenario's message, "" if it is empty."""
    return next(iter(message), "")


def shortened(text: str, most: int) -> str:
    """The end of the text that fits into `most` bytes of JSON."""
    while len(json.dumps(text)) > most:
        text = text[len(text) // 4 + 1 :]
    return text


def send(fd: int, message: dict[str, Any]) -> None:
    """Write one line. A line longer than the pipe's buffer takes several writes."""
    data = pack(message)
    while data:
        data = data[os.write(fd, data) :]


class Lines:
    """A buffer that receives bytes and returns complete lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes, most: int | None = None) -> list[bytes]:
        """Raises LineError if an incomplete line has more than `most` bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if most is not None and len(self._rest) > most:
            raise LineError(f"A line has more than {most:,} bytes.")
        return lines
