"""Celery as it is: a task that raises has failed."""

import os

from celery import Celery

from partner import call_partner

queue = Celery("celery_default_tasks", broker=os.environ["REDIS_URL"])


@queue.task
def send_order(order: str) -> None:
    call_partner(order)
