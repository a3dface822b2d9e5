"""Sees the demo's own functions start, wait, go on and end; hands each event over at once.

It is installed in every Python process of a run. It knows the run's folder (whose functions it
watches) and the pipe in it; what the events amount to is not its business. Nothing in a demo's code
calls it.
"""

import ast
import asyncio
import contextlib
import functools
import inspect
import itertools
import os
import sys
import threading
import time
from contextvars import ContextVar
from types import CodeType, FrameType, TracebackType
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.probe import record

PIPE, WORK = "events", "work"
MEMORY = "memory"  # the lane of objects
ANYIO_THREAD = "AnyIO worker thread"
# Since 3.13 the interpreter closes a generator that has no `try` around its `yield` without running
# its frame and without an event. Since then a suspended frame also refuses to be cleared.
CLOSES_UNSEEN = sys.version_info >= (3, 13)
# Context variables follow the work into the tasks that it starts, and into threads to which its
# context is copied, as `to_thread` and `run_in_threadpool` do; `run_in_executor` does not.
background: ContextVar[bool] = ContextVar("after_response_background", default=False)
# The ticket of a job that is about to begin, in a list: the first who takes it takes it from all
# contexts that have it.
queue: ContextVar[list[str]] = ContextVar("after_response_queue", default=[])  # noqa: B039
# The request of the ASGI app to which the current code belongs.
request: ContextVar[str] = ContextVar("after_response_request", default="")


class Call:
    """A call of a demo's function that has not ended."""

    __slots__ = ("code", "error", "error_at", "frame", "id", "name", "trace", "waits")

    def __init__(self, id: str, name: str, code: CodeType) -> None:
        self.id, self.name, self.code = id, name, code
        self.waits = False
        self.frame: FrameType | None = None  # of a generator that waits: see CLOSES_UNSEEN
        self.error: BaseException | None = None
        self.error_at = -1
        self.trace: TracebackType | None = None


class Probe:
    """The record of this process. Frames are told apart by identity.

    A coroutine keeps its frame while it waits.
    """

    def __init__(self, run: str, role: str = "") -> None:
        self.role = role  # of a worker or scheduler: what it does is background work
        self.connected = self.is_ready = False
        self.folder = os.path.join(os.path.realpath(run), WORK) + os.sep
        self.pid = os.getpid()
        self.fd = os.open(os.path.join(run, PIPE), os.O_WRONLY | os.O_CLOEXEC)
        self.open: dict[int, Call] = {}
        self._alive: dict[int, Call] = {}
        self._watched: dict[str, bool] = {}
        self._written: dict[str, frozenset[tuple[str, int]]] = {}
        self._pooled: dict[int, int] = {}
        # Threads take numbers at the same time: `next` of a counter gives none twice.
        self._serials = itertools.count(1)

    # What is written.

    def emit(self, event: str, name: str, lane: str, detail: dict[str, Any], t: int = 0) -> None:
        """Write one event, unbuffered.

        `t` is in nanoseconds of the monotonic clock, now by default.
        """
        event_line = record.line_of(
            {
                "t": t or time.monotonic_ns(),
                "event": event,
                "name": name,
                "lane": lane,
                "process": self.pid,
                "thread": self._thread(),
                "detail": detail,
            }
        )
        # The pipe's reader is gone when the run is over: then nobody asks any more.
        with contextlib.suppress(BrokenPipeError):
            os.write(self.fd, event_line)
        self._look_for_closed()

    def _thread(self) -> str:
        """The thread's name; AnyIO gives all of its threads the same, so they are numbered."""
        thread = threading.current_thread()
        if thread.name != ANYIO_THREAD:
            return thread.name
        number = self._pooled.setdefault(threading.get_ident(), len(self._pooled) + 1)
        return f"{ANYIO_THREAD} {number}"

    def ready(self, port: int) -> None:
        """Tell the owner that this process takes requests or jobs now."""
        self.is_ready = True
        os.write(self.fd, wire.pack({"ready": self.pid, "port": port}))

    def lane(self) -> str:
        """Where the current code runs: a worker, or which part of another process."""
        if self.role:
            return f"{self.role} {self.pid}"
        if asyncio._get_running_loop() is not None:
            return "event loop"
        thread = threading.current_thread()
        if thread is threading.main_thread():
            return "main thread"
        pooled = (ANYIO_THREAD, "asyncio_", "uvloop_", "ThreadPoolExecutor")
        return "thread pool" if thread.name.startswith(pooled) else "thread"

    def serial(self) -> str:
        return f"{self.pid}-{next(self._serials)}"

    # What is watched.

    def watches(self, file: str) -> bool:
        known = self._watched.get(file)
        if known is None:
            known = self._watched[file] = file.startswith(self.folder)
        return known

    def is_demo(self, code: CodeType) -> bool:
        """A function that the author of one of the demo's files wrote with `def`.

        Not a module, a class body, a lambda or a comprehension, nor what the compiler adds for
        annotations, generics and type aliases, which has names such as `__annotate__` or `T`.
        """
        return self.watches(code.co_filename) and (
            code.co_name,
            code.co_firstlineno,
        ) in self._functions(code.co_filename)

    def _functions(self, file: str) -> frozenset[tuple[str, int]]:
        """Read when the file's module starts, so that no call waits for it."""
        known = self._written.get(file)
        if known is None:
            known = self._written[file] = _functions_of(file)
        return known

    def demo_name(self, function: object) -> str | None:
        """The name of a callable of the demo's files, else None."""
        while isinstance(function, functools.partial):
            function = function.func
        function = getattr(function, "__func__", function)
        code = getattr(function, "__code__", None)
        return code.co_name if isinstance(code, CodeType) and self.is_demo(code) else None

    # What the interpreter tells.

    def began(self, frame: FrameType) -> None:
        t = time.monotonic_ns()
        code = frame.f_code
        if code.co_name in ("__init__", "__del__") and self._of_an_object(frame, t):
            return
        call = self.open[id(frame)] = Call(self.serial(), code.co_name, code)
        detail: dict[str, Any] = {
            "call": call.id,
            "background": bool(self.role) or background.get(),
            "file": code.co_filename[len(self.folder) :],
            "line": code.co_firstlineno,
        }
        where = self.lane()
        if (self.role or where == "thread pool") and (waited := queue.get()):
            detail["queue"] = waited.pop()
        if asked := request.get():
            detail["within"] = asked
        self.emit("started", call.name, where, detail, t)

    def _of_an_object(self, frame: FrameType, t: int) -> bool:
        """Whether an object begins or ends here that says its own end: its class has a `__del__`.

        It is seen from the one to the other, not as two calls.
        """
        code = frame.f_code
        if not code.co_argcount:
            return False
        made = frame.f_locals.get(code.co_varnames[0])
        kind = type(made)
        own = getattr(getattr(kind, code.co_name, None), "__code__", None)
        if own is not code or not hasattr(kind, "__del__"):
            return False
        if code.co_name == "__init__":
            call = self._alive[id(made)] = Call(self.serial(), kind.__name__, code)
            where = {"file": code.co_filename[len(self.folder) :], "line": code.co_firstlineno}
            self.emit("started", call.name, MEMORY, {"call": call.id, **where}, t)
        elif id(made) in self._alive:
            call = self._alive.pop(id(made))
            self.emit("succeeded", call.name, MEMORY, {"call": call.id}, t)
        return True

    def turned(self, event: str, frame: FrameType) -> None:
        """Tell that a call was `suspended` or has `resumed`.

        An exception thrown into an `await` goes to the innermost coroutine. If that one catches it
        and returns, its callers resume without an event. Their next suspension shows that they had
        resumed by then.
        """
        t = time.monotonic_ns()
        call = self.open[id(frame)]
        waits = event == "suspended"
        if waits == call.waits:
            if not waits:
                return
            self.emit("resumed", call.name, self.lane(), {"call": call.id}, t)
        call.waits = waits
        if CLOSES_UNSEEN and frame.f_code.co_flags & inspect.CO_GENERATOR:
            call.frame = frame if waits else None
        self.emit(event, call.name, self.lane(), {"call": call.id}, t)

    def call_of(self, frame: FrameType) -> Call | None:
        """The call that has not ended and whose frame this is.

        A frame that was freed unseen may have had the same identity, so the code has to agree.
        """
        call = self.open.get(id(frame))
        return call if call is not None and call.code is frame.f_code else None

    def _look_for_closed(self) -> None:
        """End the calls of generators that were closed without running, as Python 3.13 does.

        A frame that is suspended refuses to be cleared. One that is closed has nothing to clear.
        """
        for key, call in list(self.open.items()) if self._parked() else ():
            if call.frame is not None and self.open.get(key) is call:
                with contextlib.suppress(RuntimeError):
                    call.frame.clear()
                    call.frame = None
                    del self.open[key]
                    self.emit("cancelled", call.name, self.lane(), {"call": call.id})

    def _parked(self) -> bool:
        return CLOSES_UNSEEN and any(call.frame is not None for call in list(self.open.values()))

    def ended(
        self, frame: FrameType, error: BaseException | None, trace: TracebackType | None = None
    ) -> None:
        t = time.monotonic_ns()
        call = self.open.pop(id(frame))
        detail: dict[str, Any] = {"call": call.id}
        event = "succeeded"
        if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
            event = "cancelled"
        elif error is not None:
            event = "failed"
            detail["error"] = describe(error)
            if self._is_origin(trace, frame):
                detail["raised"] = True
        self.emit(event, call.name, self.lane(), detail, t)

    def refused(self, name: str, job: str, error: BaseException) -> None:
        """A job's call that failed before its function began."""
        call = {"call": self.serial()}
        where = self.lane()
        self.emit("started", name, where, call | {"background": True, "queue": job})
        self.emit("failed", name, where, call | {"error": describe(error), "raised": True})

    def _is_origin(self, trace: TracebackType | None, frame: FrameType) -> bool:
        """Whether of the demo's functions this is the one that raised.

        Callers only pass the error on.
        """
        deepest = None
        while trace is not None:
            if self.is_demo(trace.tb_frame.f_code):
                deepest = trace.tb_frame
            trace = trace.tb_next
        return deepest is frame or deepest is None


def describe(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def _functions_of(file: str) -> frozenset[tuple[str, int]]:
    """Name and first line of each function; a decorator is the first line, as in its code."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError):
        return frozenset()
    return frozenset(
        (node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)]))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
