"""Owns one run: starts its processes, gathers what they say, keeps its limits, and leaves nothing behind.

It runs no demo code, so neither a blocked loop nor a SIGKILL of the web server disturbs the one who measures. It knows
the run it was asked for and two pipes: the stream to the web process, and the lifeline, whose end is its end.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quiz.sandbox.stage import scenario, server, tree, wire
from quiz.sandbox.stage.bootstrap import PROBE, RUN
from quiz.sandbox.stage.news import News
from quiz.sandbox.stage.probe import PIPE, WORK

TICK_SECONDS = 0.1  # the known sleep by which a run checks its own timing
LOOK_SECONDS = 0.25  # how often memory and processes are counted
FAREWELL_SECONDS = 0.6  # for the servers to say their last words after SIGTERM


@dataclass
class Ending:
    status: str
    fault: str | None = None
    reason: str | None = None


@dataclass
class Owner:
    """One run. `ask` is the message of the web process, `stream` and `lifeline` are file descriptors."""

    ask: dict[str, Any]
    stream: int
    lifeline: int
    folder: Path
    news: News = field(default_factory=News)
    ending: Ending | None = None
    _written: int = 0
    _events: int = 0
    _late: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    _labels: dict[int, str] = field(default_factory=dict)
    _starting: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._id: str = self.ask["id"]
        self._limits: dict[str, float] = self.ask["limits"]
        self._prefix = b'{"id":"' + self._id.encode() + b'","event":'
        self._lines = wire.Lines()
        self._asked = wire.Lines()

    # The run from start to end.

    def own(self) -> None:
        tree.adopt_orphans()
        self._wake, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        try:
            self._prepare()
            self._start_scenario()
            while self.ending is None:
                self._turn()
            self._farewell()
        except Exception:
            self.ending = Ending("failed", "app", traceback.format_exc(limit=-3)[-600:])
        tree.kill_below(os.getpid())
        shutil.rmtree(self.folder, ignore_errors=True)
        self._say(ended=self._report())

    def _prepare(self) -> None:
        work = self.folder / WORK
        self.folder.mkdir(mode=0o700)
        for path in (work, self.folder / "home", self.folder / "tmp"):
            path.mkdir()
        for name, text in self.ask["files"].items():
            (work / name).write_text(text)
        os.mkfifo(self.folder / PIPE)
        # Opened for both, so that the pipe has a reader and a writer as long as the owner lives.
        self._events_fd = os.open(self.folder / PIPE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._output, self._output_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._output, False)

    def _start_scenario(self) -> None:
        self._control, theirs = socket.socketpair()
        self._scenario = self._fork(
            "scenario", lambda: scenario.play(str(self.folder), self.ask, theirs), keep=theirs
        )
        theirs.close()
        self._control.setblocking(False)
        self._next_tick = time.monotonic() + TICK_SECONDS
        self._next_look = time.monotonic() + LOOK_SECONDS
        self._deadline = time.monotonic() + self._limits["seconds"]

    def _turn(self) -> None:
        """Wait for the next thing that happens, and deal with it."""
        watched = [self._control, self._events_fd, self._output, self.lifeline, self._wake]
        until = min(self._next_tick, self._next_look, self._deadline, self.news.deadline())
        ready, _, _ = select.select(watched, [], [], max(0.0, until - time.monotonic()))
        self._on_time(time.monotonic())
        if self.lifeline in ready:
            self._on_lifeline()
        if self._events_fd in ready:
            self._read_events()
        if self._control in ready:
            self._on_scenario()
        if self._output in ready:
            self._read_output()
        if self._wake in ready:
            os.read(self._wake, 4096)
            self._reap()
        for answer in self.news.answers(time.monotonic()):
            self._reply(answer)

    # What happens.

    def _on_time(self, now: float) -> None:
        if now >= self._next_tick:
            self._late = max(self._late, now - self._next_tick)
            self._next_tick = now + TICK_SECONDS
        if now >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + LOOK_SECONDS
        if now >= self._deadline:
            limit = self._limits["seconds"]
            self.ending = Ending("timed_out", "limit", f"It ran longer than {limit:g} s.")

    def _on_lifeline(self) -> None:
        if not os.read(self.lifeline, 16):
            # The zygote is gone: nobody is left to tell.
            tree.kill_below(os.getpid())
            shutil.rmtree(self.folder, ignore_errors=True)
            os._exit(1)
        self.ending = Ending("cancelled", None, "It was cancelled.")

    def _on_scenario(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        if not data and self.ending is None:
            self._reap()
            self.ending = Ending("failed", "app", "The scenario's process ended unexpectedly.")
        for line in self._asked.feed(data):
            self._deal(json.loads(line))

    def _deal(self, message: dict[str, Any]) -> None:
        match message:
            case {"serve": app, "options": options}:
                self._serve(app, options)
            case {"until": event, "name": name, "count": count, "seconds": seconds}:
                self.news.wait_for(event, name, count, time.monotonic() + seconds)
            case {"settle": seconds}:
                self.news.wait_settled(time.monotonic() + seconds)
            case {"signal": pid, "number": number}:
                self._signal(pid, number)
            case {"zero": t}:
                self.news.zero(t)
                self._late = 0.0
                self._say(zero=t)
            case {"done": _}:
                self._read_events()
                self.ending = Ending("finished")
            case {"broken": reason}:
                self._read_events()
                self.ending = Ending("failed", "demo", reason)
            case _:
                self._say(**message)

    def _serve(self, app: str, options: dict[str, Any]) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        run = str(self.folder)
        pid = self._fork("web", lambda: server.serve(run, app, listener, options), keep=listener)
        self.news.wait_ready(pid, listener.getsockname()[1])
        self._starting.add(pid)
        listener.close()

    def _signal(self, pid: int, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if pid in self._labels:
                os.kill(pid, number)
        self._reply({})

    def _reap(self) -> None:
        for pid, status in tree.reap():
            label = self._labels.pop(pid, None)
            if label is None or pid == self._scenario:
                continue
            self._read_events()
            killed = os.WIFSIGNALED(status)
            detail = (
                {"signal": signal.Signals(os.WTERMSIG(status)).name}
                if killed
                else {"code": os.WEXITSTATUS(status)}
            )
            self._record_exit("killed" if killed else "exited", label, pid, detail)
            self.news.gone(pid)

    def _record_exit(self, event: str, label: str, pid: int, detail: dict[str, Any]) -> None:
        record = {"t": time.monotonic_ns(), "event": event, "name": label, "lane": label}
        self._take(wire.pack(record | {"process": pid, "thread": "", "detail": detail})[:-1])

    def _look(self) -> None:
        """Count the tree. The cheap count is too high, so only a suspicious one is looked at closely."""
        pids = tree.descendants(os.getpid())
        if len(pids) > self._limits["processes"]:
            many = int(self._limits["processes"])
            self.ending = Ending("failed", "limit", f"It started more than {many} processes.")
        bound = self._limits["memory_mb"] * 1_000_000
        if tree.resident_bytes(pids) > bound and tree.private_bytes(pids) > bound:
            most = int(self._limits["memory_mb"])
            self.ending = Ending("failed", "limit", f"It used more than {most} MB of memory.")

    # What is passed on.

    def _read_events(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._events_fd, 65536):
                for line in self._lines.feed(data):
                    self._take(line)
                if len(data) < 65536:
                    break

    def _take(self, line: bytes) -> None:
        record = json.loads(line)
        if ready := record.get("ready"):
            self.news.ready(ready)
            return
        self.news.hear(record)
        self._events += 1
        if self._events <= self._limits["events"]:
            self._write(self._prefix + line + b"}\n")

    def _read_output(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._output, 65536):
                room = max(0, int(self._limits["output_bytes"]) - self._written)
                self._written += len(data)
                text = data[:room].decode(errors="replace")
                for start in range(0, len(text), wire.OUTPUT_CHUNK // 2):
                    self._say(output=text[start : start + wire.OUTPUT_CHUNK // 2])

    def _farewell(self) -> None:
        """Let the servers end as an operator would: what they log at the end (a traceback, say) belongs to the run."""
        until = time.monotonic() + FAREWELL_SECONDS
        webs = {pid for pid, label in self._labels.items() if label == "web"}
        for pid in webs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        while webs and time.monotonic() < until:
            watched = [self._output, self._wake]
            select.select(watched, [], [], until - time.monotonic())
            self._read_output()
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)
            webs -= {pid for pid, _ in tree.reap()}
        self._read_output()

    def _report(self) -> dict[str, Any]:
        ending = self.ending or Ending("failed", "app", "It ended without a word.")
        return {
            "status": ending.status,
            "fault": ending.fault,
            "reason": ending.reason,
            "timing_error_ms": self._late * 1000,
            "events": self._events,
            "output_bytes": self._written,
        }

    def _say(self, **message: Any) -> None:
        self._write(wire.pack({"id": self._id, **message}))

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.stream, data) :]

    def _reply(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._control.sendall(wire.pack(message))

    # How a process is started.

    def _fork(self, label: str, work: Callable[[], None], keep: socket.socket) -> int:
        if tree.threads() != 1:
            raise RuntimeError("A fork from more than one thread is refused.")
        pid = os.fork()
        if pid:
            self._labels[pid] = label
            return pid
        code = 1
        try:
            self._become(keep.fileno())
            work()
            code = 0
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _become(self, keep: int) -> None:
        """In the child: nothing of the owner's but the output pipe and the one socket kept."""
        tree.die_with_parent()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(self._output_end, 1)
        os.dup2(self._output_end, 2)
        os.closerange(3, keep)
        os.closerange(keep + 1, 65536)
        os.environ |= {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            RUN: str(self.folder),
            PROBE: str(Path(__file__).with_name("bootstrap.py")),
        }
        tempfile.tempdir = None
        os.chdir(self.folder / WORK)
