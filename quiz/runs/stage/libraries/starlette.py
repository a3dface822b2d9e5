"""Starlette: background tasks, and the hand-over of sync functions to the thread pool."""

from types import FrameType

from quiz.runs.stage.libraries.background import in_background
from quiz.runs.stage.libraries.jobs import set_tickets
from quiz.runs.stage.libraries.library import End, Library
from quiz.runs.stage.probe.probe import Probe


def _schedule(probe: Probe, frame: FrameType) -> None:
    if name := probe.code.name_of(frame.f_locals.get("func")):
        probe.emit("scheduled", name, probe.lane(), {})


def _run_in_threadpool(probe: Probe, frame: FrameType) -> End | None:
    # FastAPI passes a sync endpoint as an argument of its own function.
    given = [frame.f_locals.get("func"), frame.f_locals.get("kwargs", {}).get("function")]
    name = next(filter(None, map(probe.code.name_of, given)), None)
    if name is None:
        return None
    ticket = probe.serial()
    probe.emit("enqueued", name, probe.lane(), {"queue": ticket})
    set_tickets([ticket])
    return lambda: set_tickets([])


LIBRARY = Library(
    name="starlette",
    title="Starlette",
    hooks={
        "starlette/background.py": {
            "BackgroundTask.__init__": _schedule,
            "BackgroundTask.__call__": in_background,
            "BackgroundTasks.__call__": in_background,
        },
        "starlette/concurrency.py": {"run_in_threadpool": _run_in_threadpool},
    },
)
