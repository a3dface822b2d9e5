"""Owns one run.

Starts its processes, gathers what they say, keeps its limits, and leaves nothing behind.
It runs no demo code, so neither a blocked loop nor a SIGKILL of the web server disturbs the one who
measures. It knows the run it was asked for and two pipes: the stream to the web process, and the
lifeline, whose end is its end.
"""

import contextlib
import gc
import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quiz.runs.stage import child_roles, folder, prefork, scenario, tree, wire
from quiz.runs.stage.event_ledger import News
from quiz.runs.stage.fault_injection import Breaking
from quiz.runs.stage.outgoing import Stream
from quiz.runs.stage.probe import record
from quiz.runs.stage.probe.probe import PIPE, WORK
from quiz.runs.stage.programs import command, server
from quiz.runs.stage.programs.child_processes import Program, Programs, Sort

TICK_SECONDS = 0.1  # the known sleep by which a run checks its own timing
LOOK_SECONDS = 0.25  # how often memory and processes are counted
MOST_REASON_BYTES = 2500
FAREWELL_SECONDS = 0.6  # for the servers to say their last words after SIGTERM


@dataclass
class Ending:
    """How and when (ns of the monotonic clock) the run came to its end."""

    status: str
    fault: str | None = None
    reason: str | None = None
    t: int = field(default_factory=time.monotonic_ns)


class Owner:
    """One run. `stream` and `lifeline` are file descriptors.

    The lifeline brings what is asked of it.
    """

    def __init__(self, stream: int, lifeline: int, *, spare: bool) -> None:
        self._spare = spare
        self._stream = stream
        self._lifeline = lifeline
        self._asked = wire.Lines()
        self._wake, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._output, self._output_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._output, False)
        self._news = News()
        self._ending: Ending | None = None
        self._lines = wire.Lines()
        self._heard = wire.Lines()
        self._programs = Programs()
        self._environ: dict[str, str] = {}  # what the run's programs are told, as at work
        self._late = 0.0
        self._groups: set[int] = set()  # of all processes that were ever hired

    # The run from start to end.

    def own(self) -> None:
        """Hire, wait to be asked, play, clear up."""
        tree.adopt_orphans()
        play, serve = (scenario.rehearse, server.rehearse) if self._spare else (None, None)
        self._scenario = self._hire(child_roles.play, play)
        self._web: prefork.Member | None = self._hire(child_roles.serve, serve)
        # It lives for one run and measures time: a collection would only get in its way.
        gc.disable()
        ask, *early = self._wait_for_ask()
        self._id: str = ask["id"]
        self._limits: dict[str, float] = ask["limits"]
        self._told = Stream(self._stream, self._id, self._limits)
        self._breaking = Breaking(self._programs, self._news, self._told, self._end)
        self._folder = folder.folder_of(self._id)
        try:
            self._prepare(ask)
            for order in early:
                self._obey(order)
            while self._ending is None:
                self._turn()
            if self._news.failures and self._ending.fault != "limit":
                self._farewell()
            self._read_output()
        except folder.FolderError as error:
            self._ending = Ending("failed", "app", str(error))
        except (record.RecordError, wire.LineError) as error:
            self._ending = Ending("failed", "demo", str(error))
        except Exception:
            self._ending = Ending("failed", "app", traceback.format_exc(limit=-3)[-600:])
        tree.kill_below(self._groups)
        folder.remove(self._id)
        self._told.say(ended=self._report())

    def _hire(
        self, work: prefork.Work, rehearse: Callable[[], None] | None = None
    ) -> prefork.Member:
        member = prefork.hire(work, self._output_end, rehearse)
        self._groups.add(member.pid)
        return member

    def _wait_for_ask(self) -> list[dict[str, Any]]:
        """The run that is asked for, and what is asked of it in the same breath."""
        while True:
            data = os.read(self._lifeline, 1 << 16)
            if not data:
                tree.kill_below(self._groups)
                os._exit(0)
            if lines := self._asked.feed(data):
                return [json.loads(line) for line in lines]

    def _prepare(self, ask: dict[str, Any]) -> None:
        folder.make(self._id)
        work = self._folder / WORK
        for path in (work, self._folder / "home", self._folder / "tmp"):
            path.mkdir()
        for name, text in ask["files"].items():
            (work / name).write_text(text)
        # Opened for both, so that the pipe has a reader and a writer as long as the owner lives.
        self._pipe = os.open(self._folder / PIPE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._control = self._scenario.line
        self._scenario.order(**self._order(), ask=ask)
        self._control.setblocking(False)
        now = time.monotonic()
        self._next_tick, self._next_look = now + TICK_SECONDS, now + LOOK_SECONDS
        self._deadline = now + self._limits["seconds"]

    def _turn(self) -> None:
        """Wait for the next thing that happens, and deal with it."""
        watched: list[Any] = [self._pipe, self._output, self._lifeline, self._wake]
        if not self._breaking.parted:
            watched.append(self._control)
        until = min(self._next_tick, self._next_look, self._deadline, self._news.deadline())
        ready, _, _ = select.select(watched, [], [], max(0.0, until - time.monotonic()))
        self._on_time(time.monotonic())
        if self._lifeline in ready:
            self._on_lifeline()
        if self._pipe in ready:
            self._read_events()
        if self._control in ready:
            self._on_scenario()
        if self._output in ready:
            self._read_output()
        if self._wake in ready:
            os.read(self._wake, 4096)
            self._reap()
        for answer in self._news.answers(time.monotonic()):
            self._reply(answer)

    # What happens.

    def _on_time(self, now: float) -> None:
        if now >= self._next_tick:
            self._late = max(self._late, now - self._next_tick)
            self._next_tick = now + TICK_SECONDS
            self._count()
        if now >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + LOOK_SECONDS
        if (reason := self._breaking.end(now)) is not None:
            self._ending = Ending("finished", None, reason or None)
        if now >= self._deadline:
            limit = self._limits["seconds"]
            self._ending = Ending("timed_out", "limit", f"It ran longer than {limit:g} s.")

    def _on_lifeline(self) -> None:
        data = os.read(self._lifeline, 1 << 16)
        if not data:
            # The zygote is gone: nobody is left to tell.
            tree.kill_below(self._groups)
            folder.remove(self._id)
            os._exit(1)
        for line in self._asked.feed(data):
            self._obey(json.loads(line))

    def _obey(self, order: dict[str, Any]) -> None:
        match order:
            case {"ask": "cancel"}:
                self._ending = Ending("cancelled", None, "It was cancelled.")
            case {"ask": "break", "what": "connection"}:
                self._read_events()
                self._breaking.hang_up(self._scenario.pid)
            case {"ask": "break", "what": sort}:
                self._breaking.stop(sort)

    def _on_scenario(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        if not data and self._ending is None:
            self._reap()
            self._ending = Ending("failed", "app", "The scenario's process ended unexpectedly.")
        for line in self._heard.feed(data, wire.MOST_BYTES):
            self._deal(json.loads(line))

    def _deal(self, message: dict[str, Any]) -> None:
        if message.keys() & {"done", "broken"}:
            # Its last events come before its last word: that its connection was closed, say.
            self._read_events()
        match message:
            case {"serve": app, "options": options}:
                self._serve(app, options)
            case {"until": event, "name": name, "count": count, "seconds": seconds}:
                self._news.wait_for(event, name, count, time.monotonic() + seconds)
            case {"gone": pid, "seconds": seconds}:
                self._news.wait_gone(pid, time.monotonic() + seconds)
            case {"settle": seconds}:
                self._news.wait_settled(time.monotonic() + seconds)
            case {"environ": variables}:
                self._environ |= variables
            case {"command": argv, "works": works}:
                sort: Sort = "worker" if works else "other"
                self._start(child_roles.call, sort, command.role_of(argv), argv=argv)
            case {"execute": program}:
                self._start(child_roles.execute, "broker", program["role"], program=program)
            case {"last": event, "name": name}:
                self._reply({"last": self._news.last(event, name)})
            case {"ready": pid, "seconds": seconds}:
                self._news.wait_ready(pid, time.monotonic() + seconds)
            case {"signal": pid, "number": number}:
                self._signal(pid, number)
            case {"zero": t}:
                self._news.zero(t)
                self._late = 0.0
                self._told.say(zero=t)
            case {"done": _} | {"broken": _} if self._breaking.has_begun:
                # It was written for a run that nobody breaks, and knows not what still goes on.
                self._breaking.parted = True
            case {"done": _}:
                self._ending = Ending("finished")
            case {"broken": reason}:
                self._ending = Ending("failed", "demo", reason)
            case _:
                self._told.say(**message)

    def _serve(self, app: str, options: dict[str, Any]) -> None:
        """The first server was hired ahead; further ones are hired when asked for."""
        web = self._web or self._hire(child_roles.serve)
        self._web = None
        self._news.wait_ready(web.pid)
        self._begin(web.pid, "web", "web", app=app.partition(":")[0])
        web.order(**self._order(), app=app, options=options)

    def _order(self) -> dict[str, Any]:
        """What every process of the run is told."""
        return {
            "run": str(self._folder),
            "environ": self._environ,
            "file_bytes": int(self._limits["disk_mb"] * 1_000_000),
        }

    def _start(self, work: prefork.Work, sort: Sort, name: str, **order: Any) -> None:
        """Another program of the run."""
        member = self._hire(work)
        self._begin(member.pid, sort, name)
        member.order(**self._order(), **order)
        member.line.close()
        self._reply({"pid": member.pid})

    def _signal(self, pid: int, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if pid in tree.descendants(os.getpid()):
                os.kill(pid, number)
                if number == signal.SIGKILL and (above := self._above(pid)):
                    # Somebody else's child: its parent reaps it, we only know that we killed it.
                    self._end(Program(pid, above.sort, above.name), signal.SIGKILL)
        self._reply({})

    def _above(self, pid: int) -> Program | None:
        """The worker below which this process runs; None for one that we started ourselves."""
        if pid in self._programs:
            return None
        workers = self._programs.of("worker")
        return next((one for one in workers if pid in tree.descendants(one.pid)), None)

    def _reap(self) -> None:
        for pid, status in tree.reap():
            if ended := self._programs.ended(pid) or self._orphan(pid):
                self._end(ended, status)

    def _orphan(self, pid: int) -> Program | None:
        """It is at work and its worker has ended, so it is our child and nobody else's to reap."""
        self._read_events()
        lane = self._news.lane_of(pid)
        return Program(pid, "worker", lane.removesuffix(f" {pid}")) if lane else None

    def _begin(self, pid: int, sort: Sort, name: str, **detail: str) -> None:
        began = self._programs.began(pid, sort, name)
        self._take(_event(began, "started", program=name, **detail))

    def _end(self, ended: Program, status: int) -> None:
        self._read_events()
        by = self._breaking.by(ended.pid)
        if os.WIFSIGNALED(status):
            number = signal.Signals(os.WTERMSIG(status))
            self._take(_event(ended, "killed", signal=number.name, **by))
        else:
            self._take(_event(ended, "exited", code=os.WEXITSTATUS(status), **by))
        self._news.gone(ended.pid)

    def _count(self) -> None:
        """End a run with too many processes in this instant: they multiply while one looks."""
        most = int(self._limits["processes"])
        if tree.has_more_below(os.getpid(), most):
            self._break_limit(f"It started more than {most} processes.")

    def _look(self) -> None:
        """Look at memory and disk.

        The cheap measure of memory is too high, so a suspicious one is followed by the exact one.
        """
        pids = tree.descendants(os.getpid())
        bound = self._limits["memory_mb"] * 1_000_000
        if tree.resident_bytes(pids) > bound and tree.private_bytes(pids) > bound:
            self._break_limit(f"It used more than {self._limits['memory_mb']:.0f} MB of memory.")
        if folder.size(self._folder) > self._limits["disk_mb"] * 1_000_000:
            self._break_limit(f"It wrote more than {self._limits['disk_mb']:.0f} MB to the disk.")

    def _break_limit(self, reason: str) -> None:
        self._ending = Ending("failed", "limit", reason)
        tree.kill_groups(self._groups)

    # What is passed on.

    def _read_events(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._pipe, 65536):
                for line in self._lines.feed(data, wire.MOST_BYTES):
                    self._take(line)
                if len(data) < 65536:
                    break

    def _take(self, line: bytes) -> None:
        """Raises RecordError."""
        heard = record.read(line)
        if ready := heard.get("ready"):
            self._news.ready(ready, heard["port"])
            return
        self._breaking.hear(heard)
        self._news.hear(heard)
        self._told.event(line)

    def _read_output(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._output, 65536):
                self._told.output(data)

    def _farewell(self) -> None:
        """Let the servers end as an operator would.

        What they log at the end (a traceback, say) belongs to the run.
        """
        until = time.monotonic() + FAREWELL_SECONDS
        webs = {web.pid for web in self._programs.of("web")}
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
        ending = self._ending or Ending("failed", "app", "It ended without a word.")
        return {
            "status": ending.status,
            "fault": ending.fault,
            "reason": ending.reason and wire.shortened(ending.reason, MOST_REASON_BYTES),
            "t": ending.t,
            "timing_error_ms": self._late * 1000,
            "events": self._told.events,
            "output_bytes": self._told.output_bytes,
        }

    def _reply(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._control.sendall(wire.pack(message))


def _event(whose: Program, event: str, **detail: Any) -> bytes:
    """What befalls a process, as it would tell it itself."""
    where = {
        "name": whose.name,
        "lane": whose.lane,
        "process": whose.pid,
        "thread": "MainThread",
    }
    return wire.pack({"t": time.monotonic_ns(), "event": event, "detail": detail} | where)[:-1]
