"""A worker is one event loop; `max_jobs` says how many jobs it takes at once, 10 by default."""

import asyncio
import os
from typing import Any

from arq.connections import RedisSettings

SENDING_SECONDS = 0.7


async def send_to(ctx: dict[str, Any], reader: str) -> None:
    await asyncio.sleep(SENDING_SECONDS)


class WorkerSettings:
    functions = [send_to]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
