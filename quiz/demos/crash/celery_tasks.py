"""Celery as it is: the message is acknowledged before the task begins."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_tasks", broker=url, backend=url)


@queue.task
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
