"""On SIGTERM a Celery worker takes nothing new and finishes what it has begun."""

import os
import time

from celery import Celery

WORK_SECONDS = 1.5

queue = Celery("celery_tasks", broker=os.environ["REDIS_URL"])


@queue.task
def export(name: str) -> None:
    time.sleep(WORK_SECONDS)
