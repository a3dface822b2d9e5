"""ARQ: the functions that enqueue a job, take it and run it."""

from types import FrameType

from quiz.runs.stage.libraries.jobs import enqueued, function_of, ready, set_tickets
from quiz.runs.stage.libraries.library import End, Library
from quiz.runs.stage.probe.context import queue
from quiz.runs.stage.probe.probe import Probe


def _enqueue_job(probe: Probe, frame: FrameType) -> End:
    def end() -> None:
        # The function packs no job if the job's id is in use already.
        if "job" in frame.f_locals:
            given = frame.f_locals
            delay_ms = float(given["score"] - given["enqueue_time_ms"])
            enqueued(probe, given["function"], given["job_id"], delay_ms)

    return end


def _run_job(probe: Probe, frame: FrameType) -> End:
    set_tickets([frame.f_locals["job_id"]])

    def end() -> None:
        set_tickets([])
        given = frame.f_locals
        error = given.get("result")
        # Wrong arguments: the job's function has no frame, so no event has reported the error.
        if isinstance(error, Exception) and "task" not in given:
            probe.report_refused_job(function_of(given["function_name"]), given["job_id"], error)

    return end


def _pickle(_probe: Probe, _frame: FrameType) -> End:
    """Pickling arguments and results can call functions of the demo, which are not the job."""
    tickets = queue.get()
    set_tickets([])
    return lambda: set_tickets(tickets)


LIBRARY = Library(
    name="arq",
    title="ARQ",
    needs_broker=True,
    hooks={
        "arq/connections.py": {"ArqRedis.enqueue_job": _enqueue_job},
        "arq/jobs.py": {"deserialize_job_raw": _pickle, "serialize_result": _pickle},
        "arq/worker.py": {"Worker.main": ready, "Worker.run_job": _run_job},
    },
    warm=("arq.cli", "arq.worker"),
)
