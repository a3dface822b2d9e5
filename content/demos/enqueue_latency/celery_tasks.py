"""The worker waits at the list with BRPOP, and hands the task to a process of its pool."""

import os
import time

from celery import Celery

BILL_SECONDS = 0.05

queue = Celery("celery_tasks", broker=os.environ["REDIS_URL"])


@queue.task
def bill(order: str) -> None:
    time.sleep(BILL_SECONDS)
