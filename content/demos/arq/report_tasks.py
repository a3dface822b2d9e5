"""A result is kept for an hour by default, and its job's name with it."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 0.4


async def make_report(ctx: dict[str, Any]) -> str:
    await asyncio.sleep(REPORT_SECONDS)
    return "42 pages"


class WorkerSettings:
    functions = [make_report]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
