"""A run's processes, forked ahead of their work.

Each waits for its one order and then becomes what it is told.
Forked before the run is asked for, since a fork and its first page faults cost milliseconds that
nobody should wait for.
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

from quiz.runs.stage import tree, wire
from quiz.runs.stage.bootstrap import PROBE, RUN
from quiz.runs.stage.probe.probe import WORK

Work = Callable[[dict[str, Any], socket.socket, BinaryIO], None]


@dataclass(frozen=True)
class Member:
    """A process that waits for its order on the other end of `line`."""

    pid: int
    line: socket.socket

    def order(self, **order: Any) -> None:
        with contextlib.suppress(OSError):
            self.line.sendall(wire.pack(order))


def hire(work: Work, output: int, rehearse: Callable[[], None] | None = None) -> Member:
    """Fork a process; `work` gets its order, the socket to the owner and the rest of its lines.

    Before it waits it rehearses: what it touches then is its own already when the order comes.
    """
    if tree.threads() != 1:
        raise RuntimeError("A fork from more than one thread is refused.")
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Member(pid, ours)
    code = 1
    try:
        _become(theirs.fileno(), output)
        lines = theirs.makefile("rb")
        if rehearse is not None:
            rehearse()
        if order := lines.readline():
            asked = json.loads(order)
            _move_in(Path(asked["run"]))
            os.environ |= asked["environ"]
            # A file that is deleted while it is open is not found in the folder.
            resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_bytes"],) * 2)
            work(asked, theirs, lines)
        code = 0
    except SystemExit as exit:
        code = exit.code if isinstance(exit.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(keep: int, output: int) -> None:
    """Close every inherited descriptor except the output pipe and the socket.

    In its own session: whatever it forks can be killed in one instant, and Linux shares the
    processors among sessions, so that a thousand processes here do not starve the owner.
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


def _move_in(folder: Path) -> None:
    """The run's private folder is its home, its temporary folder, its working directory."""
    os.environ |= {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        RUN: str(folder),
        PROBE: str(Path(__file__).with_name("bootstrap.py")),
    }
    tempfile.tempdir = None
    os.chdir(folder / WORK)
