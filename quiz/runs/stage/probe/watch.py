"""Installs the probe.

`sys.monitoring` where there is one (3.12), else a trace function that asks for no lines.
A trace function rather than a profile function: measured on 3.11 it slows a loop of builtin calls 5
times instead of 11, and it alone is told which exception leaves a frame.
"""

import dis
import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

from quiz.runs.stage.probe import hooks
from quiz.runs.stage.probe.boundaries import TABLE, Begin, Boundaries
from quiz.runs.stage.probe.probe import Probe

_YIELD, _RETURN = dis.opmap["YIELD_VALUE"], dis.opmap["RETURN_VALUE"]
# A function begins with this instruction and argument; after a wait the argument is another.
_BEGIN = bytes((dis.opmap["RESUME"], 0))
# Where a StopIteration says that what was waited for, or looped over, has ended.
_WAITS = {dis.opmap["SEND"], dis.opmap["FOR_ITER"]}
_installed: list[Probe] = []


def install(run: str, role: str = "") -> Probe:
    """Watch this process and what it forks; `run` is the run's private folder."""
    probe = Probe(run, role)
    hooks.connect(probe)
    if not _installed:
        os.register_at_fork(after_in_child=_after_fork)
    _installed[:] = [probe]
    boundaries = Boundaries(probe)
    if sys.version_info >= (3, 12):
        _monitor(Monitoring(probe, boundaries))
    else:
        tracing = Tracing(probe, boundaries)
        threading.settrace(tracing.trace)
        sys.settrace(tracing.trace)
    return probe


def _after_fork() -> None:
    """What a watched process forks writes into the same pipe under its own number."""
    for probe in _installed:
        probe.pid = os.getpid()


class Tracing:
    """Python 3.11: tells apart by the instruction whether a frame waits, returns or raises."""

    def __init__(self, probe: Probe, boundaries: Boundaries) -> None:
        self._probe = probe
        self._boundaries = boundaries
        self._files: dict[str, bool] = {}  # files that hold anything to watch

    def _interesting(self, file: str) -> bool:
        known = self._files.get(file)
        if known is None:
            tail = "/".join(file.split("/")[-2:])
            known = self._files[file] = self._probe.watches(file) or tail in TABLE
        return known

    def trace(self, frame: FrameType, event: str, _arg: Any) -> Any:
        """The global trace function: only calls and resumptions come here."""
        code = frame.f_code
        if event != "call" or not self._interesting(code.co_filename):
            return None
        begins = code.co_code[frame.f_lasti : frame.f_lasti + 2] == _BEGIN
        followed = self._begin(frame) if begins else self._go_on(frame)
        if not followed:
            return None
        frame.f_trace_lines = False
        return self._local

    def _begin(self, frame: FrameType) -> bool:
        """Whether the frame is to be followed to its end.

        A frame that the garbage collector closed, which no trace function sees, may have had the
        same identity: what is known under it is of the past.
        """
        if self._probe.is_demo(frame.f_code):
            self._probe.began(frame)
            return True
        begin = Boundaries.of(frame.f_code)
        return begin is not None and self._boundaries.begin(frame, begin)

    def _go_on(self, frame: FrameType) -> bool:
        if call := self._probe.call_of(frame):
            # It waited here again after an error here: that one was caught.
            if call.error_at == frame.f_lasti:
                call.error_at = -1
            self._probe.turned("resumed", frame)
        return call is not None or self._boundaries.passes(frame)

    def _local(self, frame: FrameType, event: str, arg: Any) -> Any:
        call = self._probe.call_of(frame)
        if event == "exception" and call and not _ends_a_wait(frame, arg[0]):
            # The exception itself is given its traceback only where it is caught.
            call.error, call.trace, call.error_at = arg[1], arg[2], frame.f_lasti
        elif event == "return":
            instruction = frame.f_code.co_code[frame.f_lasti]
            # An exception thrown into a frame that waits leaves it at the very instruction at which
            # it waited.
            thrown = call is not None and arg is None and call.error_at == frame.f_lasti
            waits = instruction == _YIELD and not thrown
            if call is None:
                if not waits:
                    self._boundaries.end(frame)
            elif waits:
                self._probe.turned("suspended", frame)
            else:
                error = None if instruction == _RETURN else call.error
                self._probe.ended(frame, error, call.trace)
        return self._local


def _ends_a_wait(frame: FrameType, error: type[BaseException]) -> bool:
    """Whether a StopIteration is only how an `await` or a loop over a generator ends."""
    return error is StopIteration and frame.f_code.co_code[frame.f_lasti] in _WAITS


class Monitoring:
    """Python 3.12 and later: the interpreter says itself what happened.

    Code that is not watched costs nothing.
    """

    def __init__(self, probe: Probe, boundaries: Boundaries) -> None:
        self._probe = probe
        self._boundaries = boundaries

    def started(self, code: CodeType, _offset: int) -> Any:
        if self._probe.is_demo(code):
            self._probe.began(sys._getframe(1))
            return None
        begin: Begin | None = Boundaries.of(code)
        if begin is None:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        self._boundaries.begin(sys._getframe(1), begin)
        return None

    def suspended(self, code: CodeType, _offset: int, _value: object) -> Any:
        return self._turned("suspended", code, sys._getframe(1))

    def resumed(self, code: CodeType, _offset: int) -> Any:
        return self._turned("resumed", code, sys._getframe(1))

    def _turned(self, event: str, code: CodeType, frame: FrameType) -> Any:
        if self._probe.call_of(frame):
            self._probe.turned(event, frame)
            return None
        if self._probe.is_demo(code):
            return None
        return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]

    def thrown(self, _code: CodeType, _offset: int, _error: BaseException) -> None:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.turned("resumed", frame)

    def returned(self, code: CodeType, _offset: int, _value: object) -> Any:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.ended(frame, None)
        elif self._boundaries.passes(frame):
            self._boundaries.end(frame)
        elif not self._probe.is_demo(code) and Boundaries.of(code) is None:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        return None

    def unwound(self, _code: CodeType, _offset: int, error: BaseException) -> None:
        frame = sys._getframe(1)
        if self._probe.call_of(frame):
            self._probe.ended(frame, error, error.__traceback__)
        else:
            self._boundaries.end(frame)


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
