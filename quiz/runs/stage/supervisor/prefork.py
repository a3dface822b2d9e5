"""A prefork pool of one: a child that is forked before its work is known.

A fork and its first page faults take milliseconds. Forked ahead, they do not delay the run.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from quiz.runs.stage import bootstrap, tree, wire
from quiz.runs.stage.probe.writer import WORK

# Receives the assignment, the socket to the supervisor, and a reader of the lines that follow.
Role = Callable[[dict[str, Any], socket.socket, BinaryIO], None]


@dataclass(frozen=True)
class Child:
    """A child process that waits for its assignment at the other end of `control`."""

    pid: int
    control: socket.socket

    def assign(self, assignment: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self.control.sendall(wire.pack(assignment))


def fork_ahead(role: Role, output: int, rehearse: Callable[[], None] | None = None) -> Child:
    """Fork a child that waits for its assignment and then has this role.

    `output` becomes its stdout and stderr. `rehearse` runs before it waits, so that the pages that
    the role writes are copied before the run starts. Raises RuntimeError if there are threads.
    """
    if tree.threads() != 1:
        raise RuntimeError("Cannot fork: this process has more than one thread.")
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Child(pid, ours)
    code = 1
    try:
        _detach(theirs.fileno(), output)
        _work(role, theirs, rehearse)
        code = 0
    except SystemExit as exit:
        code = exit.code if isinstance(exit.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _work(role: Role, control: socket.socket, rehearse: Callable[[], None] | None) -> None:
    lines = control.makefile("rb")
    if rehearse is not None:
        rehearse()
    if line := lines.readline():
        assignment = json.loads(line)
        _enter_folder(Path(assignment[wire.FOLDER]))
        os.environ |= assignment[wire.ENVIRON]
        # The size of the run's folder does not include a file that is deleted while it is open.
        resource.setrlimit(resource.RLIMIT_FSIZE, (assignment[wire.FILE_BYTES],) * 2)
        role(assignment, control, lines)


def _detach(keep: int, output: int) -> None:
    """Start a session, restore the signal handlers, and close inherited descriptors but `keep`.

    One signal kills a whole session. Linux also shares processor time between sessions, so a
    thousand processes of a run do not slow its supervisor down.
    """
    tree.die_with_parent()
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, keep)
    os.closerange(keep + 1, 65536)


def _enter_folder(folder: Path) -> None:
    """Make the run's private folder the home, the temporary folder and the working directory."""
    os.environ |= {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        bootstrap.RUN: str(folder),
        bootstrap.PROBE: str(Path(bootstrap.__file__)),
    }
    tempfile.tempdir = None
    os.chdir(folder / WORK)
