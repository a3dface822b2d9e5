"""The worker looks into the sorted set every `poll_delay`, half a second by default."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

BILL_SECONDS = 0.05


async def bill(ctx: dict[str, Any], order: str) -> None:
    await asyncio.sleep(BILL_SECONDS)


class WorkerSettings:
    functions = [bill]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
