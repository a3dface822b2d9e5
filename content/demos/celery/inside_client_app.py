"""Every task makes a new event loop and a new async client in it."""

import asyncio
import os

from celery import Celery
from redis.asyncio import Redis

url = os.environ["REDIS_URL"]
celery = Celery("inside_client_app", broker=url, backend=url)


async def count() -> int:
    async with Redis.from_url(url) as client:
        return int(await client.incr("signups"))


@celery.task
def count_signup() -> int:
    return asyncio.run(count())
