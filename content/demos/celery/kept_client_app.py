"""Every task makes a new event loop, but the module keeps one async client."""

import asyncio
import os

from celery import Celery
from redis.asyncio import Redis

url = os.environ["REDIS_URL"]
celery = Celery("kept_client_app", broker=url, backend=url)
client = Redis.from_url(url)


async def count() -> int:
    # Redis keeps its connection open, and that connection belongs to the loop that opened it.
    return int(await client.incr("signups"))


@celery.task
def count_signup() -> int:
    return asyncio.run(count())
