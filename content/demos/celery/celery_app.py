"""The tasks, in a module that the web side and the worker both import."""

import os
import time

from celery import Celery

MAIL_SECONDS = 0.5

celery = Celery(
    "myapp",
    broker=os.environ["REDIS_URL"],
    backend=os.environ["REDIS_URL"],
)


@celery.task
def send_email_task(to: str, subject: str, body: str) -> str:
    time.sleep(MAIL_SECONDS)
    return f"{subject} is on its way to {to}"
