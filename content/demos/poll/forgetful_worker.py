"""The same worker, which keeps a result for one second; by default it is an hour."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 1


async def make_report(ctx: dict[str, Any]) -> str:
    await asyncio.sleep(REPORT_SECONDS)
    return "42 pages"


class WorkerSettings:
    keep_result = 1
    functions = [make_report]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
