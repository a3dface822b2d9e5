"""With acks_late the worker acknowledges the message after the task."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_late_tasks", broker=url, backend=url)
# The defaults are 3600 s, and a check every 10 s of which only every tenth counts.
queue.conf.broker_transport_options = {
    "visibility_timeout": 2,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}


@queue.task(acks_late=True)
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
