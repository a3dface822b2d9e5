"""What the queues' libraries say of their jobs: through Celery's signals, and at the few functions
of ARQ and RQ that hand a job over and begin it.

Each row of TABLE is a function by which the probe is told; the libraries are imported by the
demo, never from here.
"""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from quiz.runs.stage.probe.probe import Probe, describe, queue

End = Callable[[], None]


def _short(name: object) -> str:
    """The function of a task named `tasks.send_mail`, or by ARQ's cron `cron:send_mail`."""
    return re.split("[.:]", str(name))[-1]


def _enqueued(probe: Probe, name: object, job: object, delay_ms: float = 0.0) -> None:
    """`delay_ms`: a worker may not take it before."""
    detail = {"queue": str(job)} | ({"delay_ms": delay_ms} if delay_ms > 0 else {})
    probe.emit("enqueued", _short(name), probe.lane(), detail)


def _until(eta: str | None) -> float:
    """Milliseconds up to an instant in ISO format, with its time zone."""
    if eta is None:
        return 0.0
    return (datetime.fromisoformat(eta) - datetime.now(UTC)).total_seconds() * 1000


# Celery: its own signals, connected when the first app is made.


def connect(probe: Probe) -> None:
    """Listen to Celery, if it is loaded."""
    signals: Any = sys.modules.get("celery.signals")
    if signals is None or probe.connected:
        return
    probe.connected = True

    def published(sender: str, headers: dict[str, Any], **_: Any) -> None:
        if not headers.get("retries"):
            _enqueued(probe, sender, headers["id"], _until(headers.get("eta")))

    def prerun(task_id: str, task: Any, **_: Any) -> None:
        request = task.request
        if request.delivery_info.get("redelivered"):
            probe.emit("redelivered", _short(task.name), probe.lane(), {"queue": task_id})
        queue.set([task_id])

    def retried(sender: Any, request: Any, **_: Any) -> None:
        probe.emit("retried", _short(sender.name), probe.lane(), {"queue": request.id})

    def lost(sender: Any, task_id: str, exception: BaseException, **_: Any) -> None:
        # Sent by the worker's main process; every other failure is seen in the task itself.
        if type(exception).__name__ == "WorkerLostError":
            detail = {"queue": task_id, "error": describe(exception)}
            probe.emit("lost", _short(sender.name), probe.lane(), detail)

    def ready(**_: Any) -> None:
        probe.ready(0)

    # A weak reference would let them go at once.
    signals.after_task_publish.connect(published, weak=False)
    signals.task_prerun.connect(prerun, weak=False)
    signals.task_retry.connect(retried, weak=False)
    signals.task_failure.connect(lost, weak=False)
    signals.worker_ready.connect(ready, weak=False)
    signals.beat_init.connect(ready, weak=False)


def _celery(probe: Probe, _frame: FrameType) -> None:
    connect(probe)


# ARQ and RQ: where they hand over and begin.


def _arq_enqueue(probe: Probe, frame: FrameType) -> End:
    def end() -> None:
        # It comes to packing the job only where its id is not taken.
        if "job" in frame.f_locals:
            given = frame.f_locals
            delay_ms = float(given["score"] - given["enqueue_time_ms"])
            _enqueued(probe, given["function"], given["job_id"], delay_ms)

    return end


def _arq_run(probe: Probe, frame: FrameType) -> End:
    queue.set([frame.f_locals["job_id"]])

    def end() -> None:
        _ticket([])
        given = frame.f_locals
        error = given.get("result")
        # Called in a way that its function does not take: without a frame nobody else sees it.
        if isinstance(error, Exception) and "task" not in given:
            probe.refused(_short(given["function_name"]), given["job_id"], error)

    return end


def _arq_pickle(_probe: Probe, _frame: FrameType) -> End:
    """What an argument or a result calls to be packed or made again is not the job."""
    job = queue.get()
    queue.set([])
    return lambda: _ticket(job)


def _ticket(job: list[str]) -> None:
    queue.set(job)


def _rq_enqueue(probe: Probe, frame: FrameType) -> End:
    job = frame.f_locals["job"]
    return lambda: _enqueued(probe, job.func_name, job.id)


def _rq_perform(_probe: Probe, frame: FrameType) -> None:
    queue.set([frame.f_locals["self"].id])


def _rq_retry(probe: Probe, frame: FrameType) -> End:
    job = frame.f_locals["self"]
    return lambda: probe.emit("retried", _short(job.func_name), probe.lane(), {"queue": job.id})


def _ready(probe: Probe, _frame: FrameType) -> None:
    # Asked for a job again and again: only the first time is news.
    if not probe.is_ready:
        probe.ready(0)


TABLE: dict[str, dict[str, Callable[[Probe, FrameType], End | None]]] = {
    "app/base.py": {"Celery.__init__": _celery},
    "arq/connections.py": {"ArqRedis.enqueue_job": _arq_enqueue},
    "arq/jobs.py": {"deserialize_job_raw": _arq_pickle, "serialize_result": _arq_pickle},
    "arq/worker.py": {"Worker.main": _ready, "Worker.run_job": _arq_run},
    "rq/queue.py": {"Queue.enqueue_job": _rq_enqueue},
    "rq/job.py": {"Job.perform": _rq_perform, "Job.retry": _rq_retry},
    "worker/base.py": {"BaseWorker.dequeue_job_and_maintain_ttl": _ready},
}
