"""Fault injection: a learner kills a program or closes the client's connection during a run.

It also decides when such a run is over. It sends signals and reaps nothing.
"""

import contextlib
import math
import os
import signal
import time
from typing import Any

from quiz.runs.stage import player, tree, wire
from quiz.runs.stage.programs.running import Program
from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.outgoing import OutgoingStream
from quiz.runs.stage.supervisor.run_processes import RunProcesses

# How long a run continues if no program can continue: enough to see that nothing happens.
AFTERMATH_SECONDS = 3.0
# Longer than the silence between a call and the next call that it causes.
QUIET_SECONDS = 0.3


class FaultInjection:
    def __init__(
        self, processes: RunProcesses, ledger: EventLedger, out: OutgoingStream, client: int
    ) -> None:
        self._processes = processes
        self._ledger = ledger
        self._out = out
        self._client = client
        self._began_at = math.inf
        self._last_event_at = 0.0
        # The client ends first. After a fault, workers may still do what it asked for.
        self.is_client_done = False

    @property
    def has_begun(self) -> bool:
        return self._began_at < math.inf

    def close_connection(self) -> None:
        """Ask the client to close its connection if a request is open. The client reports it."""
        if self.is_client_done or not self._ledger.is_client_waiting:
            self._out.send({wire.SPARED: "connection"})
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._client, player.CLOSE)

    def stop(self, kind: str) -> None:
        """Ask a broker to end, as an operator would. Kill a program of any other kind."""
        program = self._processes.running.to_break(kind, self._ledger.busy)
        if program is None or program.pid in self._processes.broken_by_learner:
            self._out.send({wire.SPARED: kind})
            return
        self._begin(kind)
        if program.kind == "broker":
            self._processes.broken_by_learner.add(program.pid)
            os.kill(program.pid, signal.SIGTERM)
        else:
            self._kill(program)

    def on_event(self, event: dict[str, Any]) -> None:
        self._last_event_at = time.monotonic()
        if event["lane"] == "client" and event["detail"].get("by"):
            self._begin("connection")

    def reason_to_end(self, now: float) -> str | None:
        """Why a run with a fault is over: "" if all work is done, None if it is not over."""
        if not self.has_begun:
            return None
        busy, running = self._ledger.busy, self._processes.running
        if now - self._began_at >= AFTERMATH_SECONDS and not running.can_continue(busy):
            return "No program was left that could continue."
        quiet = now - max(self._began_at, self._last_event_at)
        if not self.is_client_done or quiet < QUIET_SECONDS:
            return None
        if not (busy or self._ledger.is_work_left):
            return ""
        if quiet >= AFTERMATH_SECONDS and not running.can_end_a_call(busy):
            return "No program continued."
        return None

    def _begin(self, what: str) -> None:
        self._began_at = time.monotonic()
        self._out.send({wire.BROKEN_BY_LEARNER: what})

    def _kill(self, program: Program) -> None:
        """Kill a program and the children that it forked for jobs.

        Their ends are reported now: a process that waits for them may end before they are reaped.
        """
        pids = [program.pid, *tree.descendants(program.pid)]
        self._processes.broken_by_learner.update(pids)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if pid == program.pid or pid in self._ledger.busy:
                killed = Program(pid, program.kind, program.name)
                self._processes.report_end(killed, signal.SIGKILL)
        self._processes.running.remove(program.pid)
