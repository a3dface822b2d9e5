"""An environment's zygote.

Everything imported and warmed, it forks an owner for every run it is asked for.
It speaks with the web process over its standard input and output, in JSON lines, and ends when its
input closes. A child that it did not fork itself is what a dead owner left behind, and is killed at
once.
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
from quiz.runs.stage.supervisor import Owner

SPARE_AFTER_SECONDS = 0.03


class Zygote:
    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._owners: dict[int, tuple[str | None, int]] = {}  # pid -> its run, its lifeline
        self._spare: int | None = None
        self._asked = wire.Lines()
        self._wake, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)

    def live(self) -> None:
        """Until the web process closes our input."""
        wire.send(self._stream, {"ready": wire.VERSION, "versions": warm.versions()})
        while True:
            # One owner stands ready ahead of its run, made when nothing else is to be done.
            wait = SPARE_AFTER_SECONDS if self._spare is None else None
            ready, _, _ = select.select([0, self._wake], [], [], wait)
            if not ready:
                self._spare = self._hire(spare=True)
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if 0 in ready:
                data = os.read(0, 1 << 20)
                if not data:
                    break
                for line in self._asked.feed(data):
                    self._deal(json.loads(line))
        self._end()

    def _deal(self, message: dict[str, Any]) -> None:
        match message:
            case {"ask": "run"}:
                self._run(message)
            case {"id": run}:
                for owned, lifeline in self._owners.values():
                    if owned == run:
                        _hand(lifeline, message)

    def _run(self, ask: dict[str, Any]) -> None:
        if warm.load_later(ask.pop("imports")):
            _freeze()
            self._dismiss_spare()
        pid = self._spare or self._hire(spare=False)
        self._spare = None
        _, lifeline = self._owners[pid]
        self._owners[pid] = (ask["id"], lifeline)
        _hand(lifeline, ask)

    def _dismiss_spare(self) -> None:
        """It was forked before what is needed now was imported."""
        if self._spare is not None:
            os.kill(self._spare, signal.SIGKILL)
            self._spare = None

    def _hire(self, *, spare: bool) -> int:
        """Fork an owner that waits for its run."""
        if tree.threads() != 1:
            raise RuntimeError("A fork from more than one thread is refused.")
        lifeline, end = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid:
            os.close(lifeline)
            self._owners[pid] = (None, end)
            return pid
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            # The others' lifelines too: held open here they would outlive the zygote.
            for fd in (end, self._wake, *(fd for _, fd in self._owners.values())):
                os.close(fd)
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.close(nothing)
            Owner(self._stream, lifeline, spare=spare).own()
            code = 0
        finally:
            os._exit(code)

    def _reap(self) -> None:
        for pid, status in tree.reap():
            known = self._owners.pop(pid, None)
            if known is None:
                continue
            run, lifeline = known
            os.close(lifeline)
            if pid == self._spare:
                self._spare = None
            if status:
                self._bury(run)
        # Whatever else is below us now was handed down by an owner that died.
        for child in tree.children(os.getpid()):
            if child not in self._owners:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def _bury(self, run: str | None) -> None:
        """The run's owner was killed: end what it left, and say so."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            strays = [c for c in tree.children(os.getpid()) if c not in self._owners]
            if not strays:
                break
            for child in strays:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child, 0)
        if run is None:
            return
        folder.remove(run)
        reason = "The process that owned the run was killed."
        ended = {"status": "failed", "fault": "app", "reason": reason, "timing_error_ms": None}
        wire.send(self._stream, {"id": run, "ended": ended})

    def _end(self) -> None:
        """Close the lifelines, give the owners a moment to clear up, then end whatever is left."""
        for _, lifeline in self._owners.values():
            os.close(lifeline)
        deadline = time.monotonic() + 1.0
        while tree.children(os.getpid()) and time.monotonic() < deadline:
            tree.reap()
            time.sleep(0.005)
        tree.kill_below()


def _hand(lifeline: int, message: dict[str, Any]) -> None:
    # An owner that was killed in this moment is buried when we reap it.
    with contextlib.suppress(BrokenPipeError):
        wire.send(lifeline, message)


def main() -> None:
    """Warm, freeze, live, leave nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tree.adopt_orphans()
    # What anyone prints must not get between the lines of the stream.
    stream = os.dup(1)
    os.dup2(2, 1)
    warm.load()
    warm.exercise()
    _freeze()
    Zygote(stream).live()


def _freeze() -> None:
    """What was imported stays: no collection of a fork shall touch it."""
    if tree.threads() != 1:
        raise RuntimeError("Warming left a thread behind: forks would not be safe.")
    gc.collect()
    gc.freeze()
