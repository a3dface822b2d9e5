"""Installs the probe: with `sys.monitoring` (Python 3.12), else with a trace function.

A trace function without line events slows a loop of calls of builtins 5 times, a profile function
11 times (measured on 3.11). Only a trace function receives the exception that leaves a frame.
"""

import dis
import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

from quiz.runs.stage.libraries import LIBRARIES
from quiz.runs.stage.probe.hooked_calls import HookedCalls, has_hooks, hook_of
from quiz.runs.stage.probe.probe import Probe

_YIELD, _RETURN = dis.opmap["YIELD_VALUE"], dis.opmap["RETURN_VALUE"]
# A function starts with this instruction and argument. After an `await` the argument is another.
_START = bytes((dis.opmap["RESUME"], 0))
# At these instructions a StopIteration is only the end of an awaitable or of an iterator.
_AWAITS_OR_ITERATES = {dis.opmap["SEND"], dis.opmap["FOR_ITER"]}
_installed: list[Probe] = []


def install(run: str, role: str = "") -> Probe:
    """Watch this process and the processes that it forks; `run` is the run's folder."""
    probe = Probe(run, role)
    for library in LIBRARIES.values():
        if library.connect:
            library.connect(probe)
    if not _installed:
        os.register_at_fork(after_in_child=_after_fork)
    _installed[:] = [probe]
    hooked = HookedCalls(probe)
    if sys.version_info >= (3, 12):
        _monitor(Monitoring(probe, hooked))
    else:
        tracing = Tracing(probe, hooked)
        threading.settrace(tracing.trace)
        sys.settrace(tracing.trace)
    return probe


def _after_fork() -> None:
    """A forked process writes into the same pipe, with its own pid."""
    for probe in _installed:
        probe.pid = os.getpid()


class Tracing:
    """The probe of Python 3.11: the instruction says if a frame suspends, returns or fails."""

    def __init__(self, probe: Probe, hooked: HookedCalls) -> None:
        self._probe = probe
        self._hooked = hooked
        self._is_watched: dict[str, bool] = {}  # by file

    def trace(self, frame: FrameType, event: str, _arg: Any) -> Any:
        """The global trace function. It receives starts and resumptions only."""
        code = frame.f_code
        if event != "call" or not self._watches(code.co_filename):
            return None
        starts = code.co_code[frame.f_lasti : frame.f_lasti + 2] == _START
        is_followed = self._start(frame) if starts else self._resume(frame)
        if not is_followed:
            return None
        frame.f_trace_lines = False
        return self._local

    def _watches(self, file: str) -> bool:
        known = self._is_watched.get(file)
        if known is None:
            known = self._is_watched[file] = self._probe.code.has_file(file) or has_hooks(file)
        return known

    def _start(self, frame: FrameType) -> bool:
        """Whether the frame is followed to its end.

        Garbage collection may have closed an earlier frame of the same identity without an event.
        What is known about that identity is then out of date.
        """
        if self._probe.code.has(frame.f_code):
            self._probe.on_start(frame)
            return True
        begin = hook_of(frame.f_code)
        return begin is not None and self._hooked.begin(frame, begin)

    def _resume(self, frame: FrameType) -> bool:
        if call := self._probe.call_of(frame):
            # An error was raised at this `await` before, and the frame caught it.
            if call.error_at == frame.f_lasti:
                call.error_at = -1
            self._probe.on_suspend_or_resume("resumed", frame)
        return call is not None or frame in self._hooked

    def _local(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            self._on_exception(frame, *arg)
        elif event == "return":
            self._on_return(frame, arg)
        return self._local

    def _on_exception(self, frame: FrameType, kind: type, error: Any, trace: Any) -> None:
        call = self._probe.call_of(frame)
        if call and not _ends_a_wait(frame, kind):
            # The exception has its traceback only where it is caught.
            call.error, call.trace, call.error_at = error, trace, frame.f_lasti

    def _on_return(self, frame: FrameType, value: object) -> None:
        call = self._probe.call_of(frame)
        instruction = frame.f_code.co_code[frame.f_lasti]
        # An exception that is thrown into a suspended frame leaves it at the same instruction.
        thrown = call is not None and value is None and call.error_at == frame.f_lasti
        suspends = instruction == _YIELD and not thrown
        if call is None:
            if not suspends:
                self._hooked.end(frame)
        elif suspends:
            self._probe.on_suspend_or_resume("suspended", frame)
        else:
            error = None if instruction == _RETURN else call.error
            self._probe.on_end(frame, error, call.trace)


def _ends_a_wait(frame: FrameType, error: type[BaseException]) -> bool:
    """Whether a StopIteration only ends an `await`, or a loop over a generator."""
    at = frame.f_code.co_code[frame.f_lasti]
    return error is StopIteration and at in _AWAITS_OR_ITERATES


class Monitoring:
    """The probe of Python 3.12 and later. Code that it does not watch costs nothing."""

    def __init__(self, probe: Probe, hooked: HookedCalls) -> None:
        self._probe = probe
        self._hooked = hooked

    def started(self, code: CodeType, _offset: int) -> Any:
        if self._probe.code.has(code):
            self._probe.on_start(sys._getframe(1))
            return None
        begin = hook_of(code)
        if begin is None:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        self._hooked.begin(sys._getframe(1), begin)
        return None

    def suspended(self, code: CodeType, _offset: int, _value: object) -> Any:
        return self._turned("suspended", code, sys._getframe(1))

    def resumed(self, code: CodeType, _offset: int) -> Any:
        return self._turned("resumed", code, sys._getframe(1))

    def thrown(self, _code: CodeType, _offset: int, _error: BaseException) -> None:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.on_suspend_or_resume("resumed", frame)

    def returned(self, code: CodeType, _offset: int, _value: object) -> Any:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.on_end(frame, None)
        elif frame in self._hooked:
            self._hooked.end(frame)
        elif not self._probe.code.has(code) and hook_of(code) is None:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        return None

    def unwound(self, _code: CodeType, _offset: int, error: BaseException) -> None:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.on_end(frame, error, error.__traceback__)
        else:
            self._hooked.end(frame)

    def _turned(self, event: str, code: CodeType, frame: FrameType) -> Any:
        if self._probe.call_of(frame):
            self._probe.on_suspend_or_resume(event, frame)
            return None
        if self._probe.code.has(code):
            return None
        return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]


def _monitor(monitoring: Monitoring) -> None:
    mon: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    tool = mon.PROFILER_ID
    if mon.get_tool(tool) is None:
        mon.use_tool_id(tool, "after-response")
    events = mon.events
    handlers = {
        events.PY_START: monitoring.started,
        events.PY_YIELD: monitoring.suspended,
        events.PY_RESUME: monitoring.resumed,
        events.PY_THROW: monitoring.thrown,
        events.PY_RETURN: monitoring.returned,
        events.PY_UNWIND: monitoring.unwound,
    }
    for event, handler in handlers.items():
        mon.register_callback(tool, event, handler)
    mon.set_events(tool, sum(handlers))
    mon.restart_events()
