"""On SIGTERM an ARQ worker cancels its job; the next worker starts it from the beginning."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

WORK_SECONDS = 1.5


async def export(ctx: dict[str, Any], name: str) -> None:
    await asyncio.sleep(WORK_SECONDS)


class WorkerSettings:
    functions = [export]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
