"""ARQ: a worker has at most so many jobs under way."""

import logging
import os
from typing import Any

import httpx
from arq.connections import RedisSettings

JOBS_AT_ONCE = 5


async def startup(ctx: dict[str, Any]) -> None:
    ctx["partner"] = httpx.AsyncClient(base_url=os.environ["PARTNER_URL"])


async def shutdown(ctx: dict[str, Any]) -> None:
    await ctx["partner"].aclose()


async def charge(ctx: dict[str, Any], order: int) -> None:
    answer = await ctx["partner"].post("/charges")
    if answer.status_code == 429:
        logging.warning("Order %s was refused", order)


class WorkerSettings:
    functions = [charge]
    max_jobs = JOBS_AT_ONCE
    on_startup = startup
    on_shutdown = shutdown
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
