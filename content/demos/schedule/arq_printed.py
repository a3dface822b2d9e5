"""As it is often printed: the function that APScheduler called, handed to ARQ's cron."""

import asyncio
import os

from arq import cron
from arq.connections import RedisSettings


async def cleanup() -> None:
    await asyncio.sleep(0.05)


class WorkerSettings:
    cron_jobs = [cron(cleanup, second=set(range(60)))]  # type: ignore[arg-type]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
