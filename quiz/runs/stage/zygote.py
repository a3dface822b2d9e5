"""The zygote of an environment: it imports and warms everything, then forks a supervisor per run.

It reads orders from its stdin and writes messages to its stdout, both JSON lines. It ends when its
stdin closes. A supervisor that dies leaves children behind, and the zygote kills them.
"""

import contextlib
import gc
import json
import os
import select
import signal
import time
from typing import Any

from quiz.runs.stage import folder, tree, warm, wire
from quiz.runs.stage.supervisor.supervisor import supervise

SPARE_AFTER_SECONDS = 0.03
KILLED_SECONDS = 5.0
SHUTDOWN_SECONDS = 1.0
STDIN = 0


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tree.adopt_orphans()
    # Only messages may go to the original stdout. Anything printed goes to stderr.
    stream = os.dup(1)
    os.dup2(2, 1)
    warm.load()
    warm.exercise()
    _freeze()
    Zygote(stream).serve()


class Zygote:
    """`stream` is the descriptor of the messages to the web process."""

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._supervisors: dict[int, tuple[str | None, int]] = {}  # pid: its run, its lifeline
        self._spare: int | None = None
        self._lines = wire.Lines()
        self._wake = tree.wake_on_child_exit()

    def serve(self) -> None:
        """Start runs until the web process closes stdin."""
        wire.send(self._stream, {wire.READY: wire.VERSION, wire.VERSIONS: warm.versions()})
        while True:
            # While nothing else happens, a spare supervisor is made for the next run.
            wait = SPARE_AFTER_SECONDS if self._spare is None else None
            ready, _, _ = select.select([STDIN, self._wake], [], [], wait)
            if not ready:
                self._spare = self._fork(spare=True)
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if STDIN in ready:
                data = os.read(STDIN, 1 << 20)
                if not data:
                    break
                for line in self._lines.feed(data):
                    self._obey(json.loads(line))
        self._shut_down()

    def _obey(self, order: dict[str, Any]) -> None:
        if order[wire.ASK] == wire.RUN:
            self._start(order)
            return
        for run, lifeline in self._supervisors.values():
            if run == order[wire.ID]:
                _send(lifeline, order)

    def _start(self, ask: dict[str, Any]) -> None:
        if warm.load_later(ask.pop(wire.IMPORTS)):
            _freeze()
            self._kill_spare()
        pid = self._spare or self._fork(spare=False)
        self._spare = None
        _, lifeline = self._supervisors[pid]
        self._supervisors[pid] = (ask[wire.ID], lifeline)
        _send(lifeline, ask)

    def _kill_spare(self) -> None:
        """Kill the spare supervisor, which was forked before the latest imports."""
        if self._spare is not None:
            os.kill(self._spare, signal.SIGKILL)
            self._spare = None

    def _fork(self, *, spare: bool) -> int:
        """Fork a supervisor that waits for its run; its pid."""
        if tree.threads() != 1:
            raise RuntimeError("Cannot fork: this process has more than one thread.")
        lifeline, end = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid:
            os.close(lifeline)
            self._supervisors[pid] = (None, end)
            return pid
        code = 1
        try:
            self._close_inherited(end)
            supervise(self._stream, lifeline, spare=spare)
            code = 0
        finally:
            os._exit(code)

    def _close_inherited(self, end: int) -> None:
        """In a new supervisor: close the zygote's stdin and the lifelines of all supervisors.

        A copy of a lifeline would keep another supervisor alive after the zygote.
        """
        signal.set_wakeup_fd(-1)
        for fd in (end, self._wake, *(fd for _, fd in self._supervisors.values())):
            os.close(fd)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, STDIN)
        os.close(null)

    def _reap(self) -> None:
        for pid, status in tree.reap():
            if pid not in self._supervisors:
                continue
            run, lifeline = self._supervisors.pop(pid)
            os.close(lifeline)
            if pid == self._spare:
                self._spare = None
            if status:
                self._clear_up_after(run)
        self._kill_orphans()

    def _clear_up_after(self, run: str | None) -> None:
        """A supervisor was killed: end its children and report its run as failed."""
        deadline = time.monotonic() + KILLED_SECONDS
        while (orphans := self._kill_orphans()) and time.monotonic() < deadline:
            for pid in orphans:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)
        if run is None:
            return
        folder.remove(run)
        reason = "The supervisor of the run was killed."
        ended = {"status": "failed", "fault": "app", "reason": reason, "timing_error_ms": None}
        wire.send(self._stream, {wire.ID: run, wire.ENDED: ended})

    def _kill_orphans(self) -> list[int]:
        """Kill the children that the zygote adopted from dead supervisors; their pids."""
        orphans = [pid for pid in tree.children(os.getpid()) if pid not in self._supervisors]
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return orphans

    def _shut_down(self) -> None:
        """Close the lifelines, wait for the supervisors, then kill the processes that are left."""
        for _, lifeline in self._supervisors.values():
            os.close(lifeline)
        deadline = time.monotonic() + SHUTDOWN_SECONDS
        while tree.children(os.getpid()) and time.monotonic() < deadline:
            tree.reap()
            time.sleep(0.005)
        tree.kill_below()


def _send(lifeline: int, message: dict[str, Any]) -> None:
    # A supervisor may have been killed a moment ago. The zygote reaps it later.
    with contextlib.suppress(BrokenPipeError):
        wire.send(lifeline, message)


def _freeze() -> None:
    """Exclude all imported objects from garbage collection in forks. Raises RuntimeError."""
    if tree.threads() != 1:
        raise RuntimeError("Cannot fork: an import left a thread running.")
    gc.collect()
    gc.freeze()
