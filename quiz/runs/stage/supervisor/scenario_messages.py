"""The messages of a scenario to its supervisor, with one handler for each verb."""

import time
from collections.abc import Callable
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.programs import command
from quiz.runs.stage.programs.running import Kind
from quiz.runs.stage.supervisor import child_roles
from quiz.runs.stage.supervisor.ending import Ending
from quiz.runs.stage.supervisor.event_intake import EventIntake
from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.fault_injection import FaultInjection
from quiz.runs.stage.supervisor.outgoing import OutgoingStream
from quiz.runs.stage.supervisor.run_processes import RunProcesses
from quiz.runs.stage.supervisor.scenario_wait import ScenarioWait
from quiz.runs.stage.supervisor.watchdog import Watchdog

Message = dict[str, Any]


class ScenarioMessages:
    """A handler returns the reply, None if there is none or if `wait` answers later.

    `end` ends the run. `environ` collects the variables of the run's programs.
    """

    def __init__(
        self,
        *,
        processes: RunProcesses,
        ledger: EventLedger,
        wait: ScenarioWait,
        intake: EventIntake,
        faults: FaultInjection,
        watchdog: Watchdog,
        out: OutgoingStream,
        environ: dict[str, str],
        end: Callable[[Ending], None],
    ) -> None:
        self._processes, self._ledger, self._wait = processes, ledger, wait
        self._intake, self._faults, self._watchdog = intake, faults, watchdog
        self._out, self._environ, self._end = out, environ, end
        self._handlers: dict[str, Callable[[Message], Message | None]] = {
            wire.SERVE: self._serve,
            wire.COMMAND: self._command,
            wire.EXECUTE: self._execute,
            wire.SIGNAL: self._signal,
            wire.ENVIRON: self._set_environ,
            wire.UNTIL: self._wait_for_event,
            wire.READY: self._wait_for_ready,
            wire.GONE: self._wait_for_end,
            wire.SETTLE: self._wait_for_settled,
            wire.LAST: self._last_event,
            wire.ZERO: self._zero,
            wire.STEP: self._pass_on,
            wire.FACT: self._pass_on,
            wire.SAMPLE: self._pass_on,
            wire.PAGES: self._pass_on,
            wire.DONE: self._done,
            wire.BROKEN: self._done,
        }

    def handle(self, message: Message) -> Message | None:
        """Raises KeyError for a verb that is not in `wire`."""
        return self._handlers[wire.verb_of(message)](message)

    def _serve(self, message: Message) -> None:
        pid = self._processes.serve(message[wire.SERVE], message[wire.OPTIONS])
        self._wait.for_ready(pid)

    def _command(self, message: Message) -> Message:
        argv = message[wire.COMMAND]
        kind: Kind = "worker" if message[wire.WORKS] else "other"
        name = command.role_of(argv)
        return {wire.PID: self._processes.start(child_roles.call, kind, name, argv=argv)}

    def _execute(self, message: Message) -> Message:
        program = message[wire.EXECUTE]
        name = program["role"]
        pid = self._processes.start(child_roles.execute, "broker", name, program=program)
        return {wire.PID: pid}

    def _signal(self, message: Message) -> Message:
        self._processes.signal(message[wire.SIGNAL], message[wire.NUMBER])
        return {}

    def _set_environ(self, message: Message) -> None:
        self._environ |= message[wire.ENVIRON]

    def _wait_for_event(self, message: Message) -> None:
        event, name, count = message[wire.UNTIL], message[wire.NAME], message[wire.COUNT]
        self._wait.for_event(event, name, count, _bound(message))

    def _wait_for_ready(self, message: Message) -> None:
        self._wait.for_ready(message[wire.READY], _bound(message))

    def _wait_for_end(self, message: Message) -> None:
        self._wait.for_end_of(message[wire.GONE], _bound(message))

    def _wait_for_settled(self, message: Message) -> None:
        self._wait.for_settled(time.monotonic() + message[wire.SETTLE])

    def _last_event(self, message: Message) -> Message:
        return {wire.LAST: self._ledger.last(message[wire.LAST], message[wire.NAME])}

    def _zero(self, message: Message) -> None:
        self._ledger.forget_calls()
        self._watchdog.late_seconds = 0.0
        self._out.send(message)

    def _pass_on(self, message: Message) -> None:
        self._out.send(message)

    def _done(self, message: Message) -> None:
        # The pipe may hold events that the client wrote before this message.
        self._intake.read()
        if self._faults.has_begun:
            # The scenario expects no fault, so it does not know what still runs after one.
            self._faults.is_client_done = True
        elif wire.BROKEN in message:
            self._end(Ending("failed", "demo", message[wire.BROKEN]))
        else:
            self._end(Ending("finished"))


def _bound(message: Message) -> float:
    return time.monotonic() + float(message[wire.SECONDS])
