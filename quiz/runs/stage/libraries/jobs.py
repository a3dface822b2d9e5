"""What the hooks of the queue libraries share: names of jobs, tickets, enqueued events."""

import re
from types import FrameType

from quiz.runs.stage.probe.context import queue
from quiz.runs.stage.probe.probe import Probe


def function_of(name: object) -> str:
    """The function of a task: `send_mail` of `tasks.send_mail`, or of ARQ's `cron:send_mail`."""
    return re.split("[.:]", str(name))[-1]


def enqueued(probe: Probe, name: object, job: object, delay_ms: float = 0.0) -> None:
    """Report a job. No worker may start it before `delay_ms` have passed."""
    detail = {"queue": str(job)} | ({"delay_ms": delay_ms} if delay_ms > 0 else {})
    probe.emit("enqueued", function_of(name), probe.lane(), detail)


def set_tickets(tickets: list[str]) -> None:
    queue.set(tickets)


def ready(probe: Probe, _frame: FrameType) -> None:
    # Workers ask for a job again and again. Only the first time is reported.
    if not probe.is_ready:
        probe.ready(0)
