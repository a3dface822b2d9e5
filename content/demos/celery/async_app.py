"""A task that is written as a coroutine function."""

import asyncio
import os

from celery import Celery

MAIL_SECONDS = 0.5

celery = Celery("myapp", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])


@celery.task
async def send_email_task(to: str, subject: str, body: str) -> str:
    await asyncio.sleep(MAIL_SECONDS)
    return f"{subject} is on its way to {to}"
