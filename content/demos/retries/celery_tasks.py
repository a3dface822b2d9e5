"""Celery tries again for the errors that it is told of, and waits twice as long each time."""

import os

from celery import Celery

from partner import call_partner

RETRY_SECONDS = 1

queue = Celery("celery_tasks", broker=os.environ["REDIS_URL"])


@queue.task(
    autoretry_for=(ConnectionError,),
    retry_backoff=RETRY_SECONDS,
    retry_jitter=False,
    max_retries=3,
)
def send_order(order: str) -> None:
    call_partner(order)
