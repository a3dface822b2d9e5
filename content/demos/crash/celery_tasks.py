"""Celery's defaults: the worker acknowledges the message before the task starts."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_tasks", broker=url, backend=url)


@queue.task
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
