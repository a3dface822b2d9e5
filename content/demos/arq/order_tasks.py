"""The job is given the object that was pickled, made again here."""

import os
from typing import Any

from arq.connections import RedisSettings

from orders import Order


async def bill(ctx: dict[str, Any], order: Order) -> int:
    return order.number


class WorkerSettings:
    functions = [bill]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
