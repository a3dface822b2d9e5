"""A report that cannot be made."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 1


async def make_report(ctx: dict[str, Any]) -> str:
    await asyncio.sleep(REPORT_SECONDS)
    raise ValueError("The numbers of March are missing.")


class WorkerSettings:
    functions = [make_report]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
