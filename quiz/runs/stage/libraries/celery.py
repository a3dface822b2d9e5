"""Celery: its signals, connected when the first app is made.

https://docs.celeryq.dev/en/stable/userguide/signals.html
"""

import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from quiz.runs.stage.libraries.jobs import enqueued, function_of, set_tickets
from quiz.runs.stage.libraries.library import Library
from quiz.runs.stage.probe.probe import Probe
from quiz.runs.stage.probe.writer import describe


def connect(probe: Probe) -> None:
    """Connect the signals if Celery is loaded."""
    signals: Any = sys.modules.get("celery.signals")
    if signals is None or probe.listens_to_celery:
        return
    probe.listens_to_celery = True
    receivers = _Receivers(probe)
    # Celery would drop a weakly referenced receiver at once.
    signals.after_task_publish.connect(receivers.published, weak=False)
    signals.task_prerun.connect(receivers.prerun, weak=False)
    signals.task_retry.connect(receivers.retried, weak=False)
    signals.task_failure.connect(receivers.failed, weak=False)
    signals.worker_ready.connect(receivers.ready, weak=False)
    signals.beat_init.connect(receivers.ready, weak=False)


class _Receivers:
    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def published(self, sender: str, headers: dict[str, Any], **_: Any) -> None:
        if not headers.get("retries"):
            enqueued(self._probe, sender, headers["id"], _delay_ms(headers.get("eta")))

    def prerun(self, task_id: str, task: Any, **_: Any) -> None:
        if task.request.delivery_info.get("redelivered"):
            self._emit("redelivered", task.name, {"queue": task_id})
        set_tickets([task_id])

    def retried(self, sender: Any, request: Any, **_: Any) -> None:
        self._emit("retried", sender.name, {"queue": request.id})

    def failed(self, sender: Any, task_id: str, exception: BaseException, **_: Any) -> None:
        # The worker's main process sends this one. All other failures are seen in the task.
        if type(exception).__name__ == "WorkerLostError":
            self._emit("lost", sender.name, {"queue": task_id, "error": describe(exception)})

    def ready(self, **_: Any) -> None:
        self._probe.ready(0)

    def _emit(self, event: str, task: str, detail: dict[str, Any]) -> None:
        self._probe.emit(event, function_of(task), self._probe.lane(), detail)


def _delay_ms(eta: str | None) -> float:
    """Milliseconds until a time in ISO format with a time zone."""
    if eta is None:
        return 0.0
    return (datetime.fromisoformat(eta) - datetime.now(UTC)).total_seconds() * 1000


def _connect_first_app(probe: Probe, _frame: FrameType) -> None:
    connect(probe)


LIBRARY = Library(
    name="celery",
    title="Celery",
    needs_broker=True,
    hooks={"app/base.py": {"Celery.__init__": _connect_first_app}},
    connect=connect,
    role_words=("worker", "beat", "flower"),
    warm=(
        "billiard.popen_fork",
        "billiard.sharedctypes",
        "celery.bin.celery",
        "celery.app.amqp",
        "celery.app.control",
        "celery.app.events",
        "celery.app.log",
        "celery.apps.worker",
        "celery.backends.redis",
        "celery.concurrency.prefork",
        "celery.fixups.django",
        "celery.loaders.app",
        "celery.worker.autoscale",
        "celery.worker.components",
        "celery.worker.consumer",
        "celery.worker.consumer.delayed_delivery",
        "celery.worker.strategy",
        "kombu.transport.redis",
    ),
)
