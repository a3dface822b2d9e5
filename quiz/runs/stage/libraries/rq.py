"""RQ: the functions that enqueue a job, take it and run it."""

from types import FrameType

from quiz.runs.stage.libraries.jobs import enqueued, function_of, ready, set_tickets
from quiz.runs.stage.libraries.library import End, Library
from quiz.runs.stage.probe.probe import Probe


def _enqueue_job(probe: Probe, frame: FrameType) -> End:
    job = frame.f_locals["job"]
    return lambda: enqueued(probe, job.func_name, job.id)


def _perform(_probe: Probe, frame: FrameType) -> None:
    set_tickets([frame.f_locals["self"].id])


def _retry(probe: Probe, frame: FrameType) -> End:
    job = frame.f_locals["self"]
    name = function_of(job.func_name)
    return lambda: probe.emit("retried", name, probe.lane(), {"queue": job.id})


LIBRARY = Library(
    name="rq",
    title="RQ",
    needs_broker=True,
    hooks={
        "rq/queue.py": {"Queue.enqueue_job": _enqueue_job},
        "rq/job.py": {"Job.perform": _perform, "Job.retry": _retry},
        "worker/base.py": {"BaseWorker.dequeue_job_and_maintain_ttl": ready},
    },
    warm=("rq.cli", "rq.worker", "rq.scheduler"),
    role_words=("worker", "scheduler"),
)
