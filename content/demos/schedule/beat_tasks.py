"""Celery Beat puts a task into the queue whenever it is due; any worker takes it."""

import os
import time

from celery import Celery

EVERY_SECONDS = 1

queue = Celery("beat_tasks", broker=os.environ["REDIS_URL"])
queue.conf.beat_schedule = {
    "cleanup": {"task": "beat_tasks.cleanup", "schedule": EVERY_SECONDS},
}


@queue.task
def cleanup() -> None:
    time.sleep(0.05)
