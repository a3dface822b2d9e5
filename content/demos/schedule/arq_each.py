"""With unique=False every worker runs each slot."""

import asyncio
import os
from typing import Any

from arq import cron
from arq.connections import RedisSettings


async def cleanup(ctx: dict[str, Any]) -> None:
    await asyncio.sleep(0.05)


class WorkerSettings:
    cron_jobs = [cron(cleanup, second=set(range(60)), unique=False)]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
