"""While a job runs ARQ keeps a mark in Redis; no other worker takes it before that expires."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

WORK_SECONDS = 0.8


async def bill(ctx: dict[str, Any], order: str) -> None:
    await asyncio.sleep(WORK_SECONDS)


class WorkerSettings:
    functions = [bill]
    # Default: 300 s. The mark lives 10 s longer than this; shortened to be seen here.
    job_timeout = 1
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
