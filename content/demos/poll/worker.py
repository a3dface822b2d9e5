"""A report takes its time."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 1


async def make_report(
    ctx: dict[str, Any], task_id: str = "", params: dict[str, str] | None = None
) -> str:
    await asyncio.sleep(REPORT_SECONDS)
    return "42 pages"


class WorkerSettings:
    functions = [make_report]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
