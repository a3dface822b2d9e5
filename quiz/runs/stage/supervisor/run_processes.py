"""The processes of a run: their start, their signals, and the events of their start and end."""

import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quiz.runs.stage import player, tree, wire
from quiz.runs.stage.programs import server
from quiz.runs.stage.programs.running import Kind, Program, RunningPrograms
from quiz.runs.stage.supervisor import child_roles, prefork
from quiz.runs.stage.supervisor.event_intake import EventIntake
from quiz.runs.stage.supervisor.event_ledger import EventLedger


@dataclass
class ChildrenAhead:
    """The pipes and children that a supervisor makes before it knows its run.

    `wake` becomes readable if a child ends. `output` is what the children print. `groups` are the
    process groups of all children.
    """

    wake: int
    output: int
    output_end: int
    scenario: prefork.Child
    web: prefork.Child | None
    groups: set[int] = field(default_factory=set)

    @classmethod
    def make(cls, *, rehearse: bool) -> "ChildrenAhead":
        wake = tree.wake_on_child_exit()
        output, output_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(output, False)
        play, serve = (player.rehearse, server.rehearse) if rehearse else (None, None)
        scenario = prefork.fork_ahead(child_roles.play, output_end, play)
        web = prefork.fork_ahead(child_roles.serve, output_end, serve)
        return cls(wake, output, output_end, scenario, web, {scenario.pid, web.pid})

    def fork(self, role: prefork.Role) -> prefork.Child:
        child = prefork.fork_ahead(role, self.output_end)
        self.groups.add(child.pid)
        return child

    def take_web(self) -> prefork.Child:
        """The web server that was forked ahead, or a new one for a further server."""
        web, self.web = self.web or self.fork(child_roles.serve), None
        return web


class RunProcesses:
    """`assignment` has the keys that the assignments of all children share."""

    def __init__(
        self,
        ahead: ChildrenAhead,
        assignment: Callable[[], dict[str, Any]],
        intake: EventIntake,
        ledger: EventLedger,
    ) -> None:
        self.running = RunningPrograms()
        self.broken_by_learner: set[int] = set()
        self._ahead = ahead
        self._assignment = assignment
        self._intake = intake
        self._ledger = ledger

    def serve(self, app: str, options: dict[str, Any]) -> int:
        """Start a web server; its pid."""
        web = self._ahead.take_web()
        self._report_start(web.pid, "web", "web", app=app.partition(":")[0])
        web.assign(self._assignment() | {wire.APP: app, wire.OPTIONS: options})
        return web.pid

    def start(self, role: prefork.Role, kind: Kind, name: str, **more: Any) -> int:
        """Start another program; its pid."""
        child = self._ahead.fork(role)
        self._report_start(child.pid, kind, name)
        child.assign(self._assignment() | more)
        child.control.close()
        return child.pid

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a process of the run."""
        with contextlib.suppress(ProcessLookupError):
            if pid in tree.descendants(os.getpid()):
                os.kill(pid, number)
                if number == signal.SIGKILL and (worker := self._worker_above(pid)):
                    # The worker reaps its child, so the supervisor will not see that it ended.
                    self.report_end(Program(pid, worker.kind, worker.name), signal.SIGKILL)

    def reap(self) -> None:
        for pid, status in tree.reap():
            if ended := self.running.remove(pid) or self._orphan(pid):
                self.report_end(ended, status)

    def report_end(self, program: Program, status: int) -> None:
        """Report how a process ended, after the events that it wrote before."""
        self._intake.read()
        by = {"by": "learner"} if program.pid in self.broken_by_learner else {}
        if os.WIFSIGNALED(status):
            number = signal.Signals(os.WTERMSIG(status))
            self._intake.report(program, "killed", signal=number.name, **by)
        else:
            self._intake.report(program, "exited", code=os.WEXITSTATUS(status), **by)
        self._ledger.add_ended(program.pid)

    def _report_start(self, pid: int, kind: Kind, name: str, **detail: str) -> None:
        self._intake.report(self.running.add(pid, kind, name), "started", program=name, **detail)

    def _worker_above(self, pid: int) -> Program | None:
        """The worker that forked this process; None for a process that the supervisor forked."""
        if pid in self.running:
            return None
        workers = self.running.of("worker")
        return next((one for one in workers if pid in tree.descendants(one.pid)), None)

    def _orphan(self, pid: int) -> Program | None:
        """A busy child of a worker that ended first: it became a child of the supervisor."""
        self._intake.read()
        lane = self._ledger.lane_of(pid)
        return Program(pid, "worker", lane.removesuffix(f" {pid}")) if lane else None
