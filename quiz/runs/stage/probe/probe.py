"""The probe of a process: it writes an event if a function of the demo starts, waits or ends.

Every Python process of a run has one. The demo's code never calls it.
"""

import asyncio
import contextlib
import inspect
import sys
import time
from types import CodeType, FrameType, TracebackType
from typing import Any

from quiz.runs.stage.probe.context import background, queue, request
from quiz.runs.stage.probe.demo_code import DemoCode
from quiz.runs.stage.probe.objects import Objects
from quiz.runs.stage.probe.writer import EventWriter, describe

# Since Python 3.13 a generator without `try` around its `yield` is closed without running its
# frame and without an event. Since 3.13 a suspended frame also refuses to be cleared.
CLOSES_WITHOUT_EVENT = sys.version_info >= (3, 13)


class Call:
    """A call of a demo's function that has not ended."""

    __slots__ = ("code", "error", "error_at", "frame", "id", "is_suspended", "name", "trace")

    def __init__(self, id: str, name: str, code: CodeType) -> None:
        self.id, self.name, self.code = id, name, code
        self.is_suspended = False
        self.frame: FrameType | None = None  # of a suspended generator: see CLOSES_WITHOUT_EVENT
        self.error: BaseException | None = None
        self.error_at = -1
        self.trace: TracebackType | None = None


class Probe(EventWriter):
    """Open calls are found by the identity of their frame: a coroutine keeps its frame."""

    def __init__(self, run: str, role: str = "") -> None:
        super().__init__(run, role)
        self.code = DemoCode(run)
        self.listens_to_celery = False
        self._open: dict[int, Call] = {}
        self._objects = Objects(self, self.code)

    def emit(self, event: str, name: str, lane: str, detail: dict[str, Any], t: int = 0) -> None:
        super().emit(event, name, lane, detail, t)
        if CLOSES_WITHOUT_EVENT:
            self._end_closed_generators()

    def call_of(self, frame: FrameType) -> Call | None:
        """The open call of this frame.

        A frame that was freed without an event may have had the same identity, so the code is
        compared too.
        """
        call = self._open.get(id(frame))
        return call if call is not None and call.code is frame.f_code else None

    def on_start(self, frame: FrameType) -> None:
        t = time.monotonic_ns()
        code = frame.f_code
        if code.co_name in ("__init__", "__del__") and self._objects.on_start(frame, t):
            return
        call = self._open[id(frame)] = Call(self.serial(), code.co_name, code)
        detail: dict[str, Any] = {
            "call": call.id,
            "background": bool(self.role) or background.get(),
            **self.code.place_of(code),
        }
        lane = self.lane()
        if (self.role or lane == "thread pool") and (tickets := queue.get()):
            detail["queue"] = tickets.pop()
        if within := request.get():
            detail["within"] = within
        self.emit("started", call.name, lane, detail, t)

    def on_suspend_or_resume(self, event: str, frame: FrameType) -> None:
        """`event` is "suspended" or "resumed".

        An exception thrown into an `await` goes to the innermost coroutine. If that coroutine
        catches it and returns, its callers resume without an event. Their next suspension shows
        that they had resumed by then.
        """
        t = time.monotonic_ns()
        call = self._open[id(frame)]
        suspends = event == "suspended"
        if suspends == call.is_suspended:
            if not suspends:
                return
            self.emit("resumed", call.name, self.lane(), {"call": call.id}, t)
        call.is_suspended = suspends
        if CLOSES_WITHOUT_EVENT and frame.f_code.co_flags & inspect.CO_GENERATOR:
            call.frame = frame if suspends else None
        self.emit(event, call.name, self.lane(), {"call": call.id}, t)

    def on_end(
        self, frame: FrameType, error: BaseException | None, trace: TracebackType | None = None
    ) -> None:
        t = time.monotonic_ns()
        call = self._open.pop(id(frame))
        detail: dict[str, Any] = {"call": call.id}
        event = "succeeded"
        if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
            event = "cancelled"
        elif error is not None:
            event = "failed"
            detail["error"] = describe(error)
            if self._raised_in(frame, trace):
                detail["raised"] = True
        self.emit(event, call.name, self.lane(), detail, t)

    def report_refused_job(self, name: str, job: str, error: BaseException) -> None:
        """A job failed before its function started, such as by wrong arguments."""
        call = {"call": self.serial()}
        lane = self.lane()
        self.emit("started", name, lane, call | {"background": True, "queue": job})
        self.emit("failed", name, lane, call | {"error": describe(error), "raised": True})

    def _end_closed_generators(self) -> None:
        """End the calls of generators that were closed without an event.

        A suspended frame refuses to be cleared. The frame of a closed generator does not.
        """
        for key, call in list(self._open.items()):
            if call.frame is not None and self._open.get(key) is call:
                with contextlib.suppress(RuntimeError):
                    call.frame.clear()
                    call.frame = None
                    del self._open[key]
                    self.emit("cancelled", call.name, self.lane(), {"call": call.id})

    def _raised_in(self, frame: FrameType, trace: TracebackType | None) -> bool:
        """Whether this frame is the innermost frame of the demo in the traceback."""
        innermost = None
        while trace is not None:
            if self.code.has(trace.tb_frame.f_code):
                innermost = trace.tb_frame
            trace = trace.tb_next
        return innermost is frame or innermost is None
