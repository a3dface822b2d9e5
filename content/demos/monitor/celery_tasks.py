"""A worker that is started with -E tells of each task's beginning and end; Flower listens."""

import os
import time

from celery import Celery

REPORT_SECONDS = 1

queue = Celery("celery_tasks", broker=os.environ["REDIS_URL"])


@queue.task
def make_report(month: str) -> None:
    time.sleep(REPORT_SECONDS)
    if month == "may":
        raise ValueError("The numbers of May are missing")
