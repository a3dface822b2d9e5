"""A job that blocks holds the worker's event loop, and with it every other job."""

import asyncio
import os
import time
from typing import Any

from arq.connections import RedisSettings

SHRINK_SECONDS = 1.5
MAIL_SECONDS = 0.2


async def shrink(ctx: dict[str, Any], name: str) -> None:
    time.sleep(SHRINK_SECONDS)


async def send_mail(ctx: dict[str, Any], to: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


class WorkerSettings:
    functions = [shrink, send_mail]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
