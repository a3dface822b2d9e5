"""With reject_on_worker_lost the worker returns the message when its pool process is lost."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_reject_child_tasks", broker=url, backend=url)


@queue.task(acks_late=True, reject_on_worker_lost=True)
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
