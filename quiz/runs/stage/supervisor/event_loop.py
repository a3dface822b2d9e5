"""The event loop of a supervisor: it waits for pipes and times, and handles each in turn."""

import contextlib
import json
import os
import select
import signal
import time
from typing import Any

from quiz.runs.stage import folder, tree, wire
from quiz.runs.stage.probe.writer import PIPE
from quiz.runs.stage.supervisor.ending import Ending
from quiz.runs.stage.supervisor.event_intake import EventIntake
from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.fault_injection import FaultInjection
from quiz.runs.stage.supervisor.orders import Orders
from quiz.runs.stage.supervisor.outgoing import OutgoingStream
from quiz.runs.stage.supervisor.run_processes import ChildrenAhead, RunProcesses
from quiz.runs.stage.supervisor.scenario_messages import ScenarioMessages
from quiz.runs.stage.supervisor.scenario_wait import ScenarioWait
from quiz.runs.stage.supervisor.watchdog import Watchdog

SHUTDOWN_SECONDS = 0.6  # for what servers print after SIGTERM
CHUNK_BYTES = 65536


class EventLoop:
    """`ask` is the order to run. The run's folder must exist."""

    def __init__(
        self,
        ask: dict[str, Any],
        ahead: ChildrenAhead,
        orders: Orders,
        out: OutgoingStream,
        watchdog: Watchdog,
    ) -> None:
        self._ask, self._ahead, self._orders = ask, ahead, orders
        self._out, self._watchdog = out, watchdog
        self._folder = folder.folder_of(ask[wire.ID])
        self._environ: dict[str, str] = {}
        self._ending: Ending | None = None
        self._control = ahead.scenario.control
        self._lines = wire.Lines()
        self._ledger = EventLedger()
        self._wait = ScenarioWait(self._ledger)
        self._intake = EventIntake(self._folder / PIPE, self._ledger, out)
        self._processes = RunProcesses(ahead, self._assignment, self._intake, self._ledger)
        self._faults = FaultInjection(self._processes, self._ledger, out, ahead.scenario.pid)
        self._intake.listeners.append(self._faults.on_event)
        self._messages = ScenarioMessages(
            processes=self._processes,
            ledger=self._ledger,
            wait=self._wait,
            intake=self._intake,
            faults=self._faults,
            watchdog=watchdog,
            out=out,
            environ=self._environ,
            end=self._end,
        )

    def run(self, early: list[dict[str, Any]]) -> Ending:
        """Play the scenario to its end; `early` are orders that arrived together with the run."""
        self._ahead.scenario.assign(self._assignment() | {wire.ASK: self._ask})
        self._control.setblocking(False)
        self._watchdog.start()
        for order in early:
            self._obey(order)
        while self._ending is None:
            self._turn()
        if self._ledger.has_failures and self._ending.fault != "limit":
            self._shut_servers_down()
        self._read_output()
        return self._ending

    def _turn(self) -> None:
        """Wait for the next thing that happens, and handle it."""
        watched: list[Any] = [
            self._intake.fd,
            self._ahead.output,
            self._orders.fd,
            self._ahead.wake,
        ]
        if not self._faults.is_client_done:
            watched.append(self._control)
        until = min(self._watchdog.next_check, self._wait.until)
        ready, _, _ = select.select(watched, [], [], max(0.0, until - time.monotonic()))
        self._on_time(time.monotonic())
        if self._orders.fd in ready:
            self._on_orders()
        if self._intake.fd in ready:
            self._intake.read()
        if self._control in ready:
            self._on_scenario()
        if self._ahead.output in ready:
            self._read_output()
        if self._ahead.wake in ready:
            os.read(self._ahead.wake, 4096)
            self._processes.reap()
        self._reply(self._wait.answer(time.monotonic()))

    def _on_time(self, now: float) -> None:
        if ending := self._watchdog.check(now):
            self._end(ending)
        if (reason := self._faults.reason_to_end(now)) is not None:
            self._end(Ending("finished", None, reason or None))

    def _on_orders(self) -> None:
        orders = self._orders.read()
        if orders is None:
            # The zygote has ended, so nothing can be reported.
            tree.kill_below(self._ahead.groups)
            folder.remove(self._ask[wire.ID])
            os._exit(1)
        for order in orders:
            self._obey(order)

    def _obey(self, order: dict[str, Any]) -> None:
        if order[wire.ASK] == wire.CANCEL:
            self._end(Ending("cancelled", None, "It was cancelled."))
        elif order[wire.WHAT] == "connection":
            self._intake.read()
            self._faults.close_connection()
        else:
            self._faults.stop(order[wire.WHAT])

    def _on_scenario(self) -> None:
        try:
            data = self._control.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        if not data:
            self._processes.reap()
            self._end(Ending("failed", "app", "The scenario's process ended unexpectedly."))
        for line in self._lines.feed(data, wire.MOST_BYTES):
            self._reply(self._messages.handle(json.loads(line)))

    def _end(self, ending: Ending) -> None:
        """The first reason to end is the reason that is reported."""
        self._ending = self._ending or ending

    def _reply(self, message: dict[str, Any] | None) -> None:
        if message is not None:
            with contextlib.suppress(OSError):
                self._control.sendall(wire.pack(message))

    def _read_output(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._ahead.output, CHUNK_BYTES):
                self._out.output(data)

    def _shut_servers_down(self) -> None:
        """End the servers as an operator would: what they print then belongs to the run."""
        until = time.monotonic() + SHUTDOWN_SECONDS
        pids = {web.pid for web in self._processes.running.of("web")}
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        while pids and time.monotonic() < until:
            watched = [self._ahead.output, self._ahead.wake]
            select.select(watched, [], [], until - time.monotonic())
            self._read_output()
            with contextlib.suppress(BlockingIOError):
                os.read(self._ahead.wake, 4096)
            pids -= {pid for pid, _ in tree.reap()}

    def _assignment(self) -> dict[str, Any]:
        """The keys that the assignments of all children share."""
        return {
            wire.FOLDER: str(self._folder),
            wire.ENVIRON: self._environ,
            wire.FILE_BYTES: int(self._ask[wire.LIMITS]["disk_mb"] * 1_000_000),
        }
