"""The same worker, which also tells whoever listens that a job has ended."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

REPORT_SECONDS = 1


async def make_report(ctx: dict[str, Any]) -> str:
    await asyncio.sleep(REPORT_SECONDS)
    return "42 pages"


async def tell(ctx: dict[str, Any]) -> None:
    await ctx["redis"].publish(ctx["job_id"], "ended")


class WorkerSettings:
    functions = [make_report]
    # When the result is written; on_job_end would be called before.
    after_job_end = tell
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
