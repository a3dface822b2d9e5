"""An ARQ worker leaves a line about itself in Redis from time to time: its health check."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 1


async def make_report(ctx: dict[str, Any], month: str) -> None:
    await asyncio.sleep(REPORT_SECONDS)
    if month == "may":
        raise ValueError("The numbers of May are missing")


class WorkerSettings:
    functions = [make_report]
    # Default: 10. One after the other, as in the other variants.
    max_jobs = 1
    # Default: 3600 s. Shortened to be seen here.
    health_check_interval = 0.1
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
