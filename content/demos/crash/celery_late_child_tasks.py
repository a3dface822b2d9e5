"""With acks_late the worker acknowledges the message after the task, or after its loss."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_late_child_tasks", broker=url, backend=url)


@queue.task(acks_late=True)
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
