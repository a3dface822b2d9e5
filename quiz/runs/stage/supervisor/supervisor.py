"""The supervisor of one run: it starts the run's processes, collects their events, and ends them.

It runs no code of the demo, so neither a blocked event loop nor a SIGKILL disturbs its clock. It
knows two pipes: the stream to the web process, and the lifeline from the zygote.
"""

import contextlib
import gc
import json
import os
import select
import signal
import time
import traceback
from typing import Any

from quiz.runs.stage import folder, tree, wire
from quiz.runs.stage.probe.record import RecordError
from quiz.runs.stage.probe.writer import PIPE, WORK
from quiz.runs.stage.supervisor.ending import Ending
from quiz.runs.stage.supervisor.event_intake import EventIntake
from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.fault_injection import FaultInjection
from quiz.runs.stage.supervisor.outgoing import OutgoingStream
from quiz.runs.stage.supervisor.run_processes import ChildrenAhead, RunProcesses
from quiz.runs.stage.supervisor.scenario_messages import ScenarioMessages
from quiz.runs.stage.supervisor.scenario_wait import ScenarioWait
from quiz.runs.stage.supervisor.watchdog import Watchdog

MOST_REASON_BYTES = 2500
SHUTDOWN_SECONDS = 0.6  # for what servers print after SIGTERM
CHUNK_BYTES = 65536


def supervise(stream: int, lifeline: int, *, spare: bool) -> None:
    """Wait for a run and supervise it to its end; `stream` and `lifeline` are descriptors.

    A spare supervisor is made while nothing else happens, so its children rehearse.
    """
    tree.adopt_orphans()
    ahead = ChildrenAhead.make(rehearse=spare)
    # This process lives for one run and measures time. A garbage collection would disturb it.
    gc.disable()
    orders = Orders(lifeline)
    ask, *early = _wait_for_run(orders, ahead)
    run, limits = ask[wire.ID], ask[wire.LIMITS]
    out = OutgoingStream(stream, run, limits)
    watchdog = Watchdog(limits, folder.folder_of(run), ahead.groups)
    ending = _end_of_run(ask, early, ahead, orders, out, watchdog)
    tree.kill_below(ahead.groups)
    folder.remove(run)
    out.send({wire.ENDED: _report(ending, watchdog, out)})


class Orders:
    """What the web process asks for, through the zygote: to run, to cancel, to break."""

    def __init__(self, lifeline: int) -> None:
        self.fd = lifeline
        self._lines = wire.Lines()

    def read(self) -> list[dict[str, Any]] | None:
        """Blocks if there is nothing to read. None if the zygote has ended."""
        data = os.read(self.fd, CHUNK_BYTES)
        return [json.loads(line) for line in self._lines.feed(data)] if data else None


class Supervisor:
    """The event loop of one run; its folder exists."""

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


def _wait_for_run(orders: Orders, ahead: ChildrenAhead) -> list[dict[str, Any]]:
    """The run, and the orders that arrive together with it."""
    asked: list[dict[str, Any]] | None = []
    while not asked:
        asked = orders.read()
        if asked is None:
            tree.kill_below(ahead.groups)
            os._exit(0)
    return asked


def _end_of_run(
    ask: dict[str, Any],
    early: list[dict[str, Any]],
    ahead: ChildrenAhead,
    orders: Orders,
    out: OutgoingStream,
    watchdog: Watchdog,
) -> Ending:
    try:
        _make_folder(ask)
        return Supervisor(ask, ahead, orders, out, watchdog).run(early)
    except folder.FolderError as error:
        return Ending("failed", "app", str(error))
    except (RecordError, wire.LineError) as error:
        return Ending("failed", "demo", str(error))
    except Exception:
        return Ending("failed", "app", traceback.format_exc(limit=-3)[-600:])


def _make_folder(ask: dict[str, Any]) -> None:
    """Make the run's private folder with the demo's files. Raises FolderError."""
    run_folder = folder.make(ask[wire.ID])
    for name in (WORK, "home", "tmp"):
        (run_folder / name).mkdir()
    for name, text in ask[wire.FILES].items():
        (run_folder / WORK / name).write_text(text)


def _report(ending: Ending, watchdog: Watchdog, out: OutgoingStream) -> dict[str, Any]:
    return {
        "status": ending.status,
        "fault": ending.fault,
        "reason": ending.reason and wire.shortened(ending.reason, MOST_REASON_BYTES),
        "t": ending.t,
        "timing_error_ms": watchdog.late_seconds * 1000,
        "events": out.events,
        "output_bytes": out.output_bytes,
    }
