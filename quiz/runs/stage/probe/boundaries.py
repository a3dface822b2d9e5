"""The library functions whose beginning and end mark a boundary.

From here on the work is background, or queued.
Found by file and qualified name when first met, so that nothing is imported for it. To watch one
more, add a row.
"""

from collections.abc import Callable
from contextvars import ContextVar
from types import CodeType, FrameType
from typing import TypeVar

from quiz.runs.stage.probe import hooks
from quiz.runs.stage.probe.probe import Probe, background, queue

T = TypeVar("T")
End = Callable[[], None]
Begin = Callable[[Probe, FrameType], End | None]


def _scheduled(probe: Probe, frame: FrameType) -> None:
    if name := probe.demo_name(frame.f_locals.get("func")):
        probe.emit("scheduled", name, probe.lane(), {})


def _in_background(_probe: Probe, _frame: FrameType) -> End:
    before = background.get()
    background.set(True)
    # What comes after the list in the same request (a dependency's exit code) is not background
    # work.
    return lambda: _restore(background, before)


def _into_thread_pool(probe: Probe, frame: FrameType) -> End | None:
    # FastAPI hands a sync endpoint over as the argument of a function of its own.
    given = [frame.f_locals.get("func"), frame.f_locals.get("kwargs", {}).get("function")]
    name = next(filter(None, map(probe.demo_name, given)), None)
    if name is None:
        return None
    ticket = probe.serial()
    probe.emit("enqueued", name, probe.lane(), {"queue": ticket})
    queue.set([ticket])
    return lambda: _restore(queue, [])


def _restore(variable: ContextVar[T], value: T) -> None:
    variable.set(value)


TABLE: dict[str, dict[str, Begin]] = {
    "starlette/background.py": {
        "BackgroundTask.__init__": _scheduled,
        "BackgroundTask.__call__": _in_background,
        "BackgroundTasks.__call__": _in_background,
    },
    "starlette/concurrency.py": {"run_in_threadpool": _into_thread_pool},
    # APScheduler's.
    "executors/base.py": {"run_job": _in_background, "run_coroutine_job": _in_background},
    **hooks.TABLE,
}


class Boundaries:
    """The boundaries that are being passed in this process."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._passing: dict[int, End] = {}

    @staticmethod
    def of(code: CodeType) -> Begin | None:
        tail = "/".join(code.co_filename.split("/")[-2:])
        return TABLE.get(tail, {}).get(code.co_qualname)

    def begin(self, frame: FrameType, begin: Begin) -> bool:
        """True when the end is to be told too.

        An earlier frame of the same identity may have been closed unseen, by a garbage collection.
        """
        self._passing.pop(id(frame), None)
        if end := begin(self._probe, frame):
            self._passing[id(frame)] = end
        return end is not None

    def passes(self, frame: FrameType) -> bool:
        return id(frame) in self._passing

    def end(self, frame: FrameType) -> None:
        if end := self._passing.pop(id(frame), None):
            end()
