"""ARQ as it is: an error of one's own is no reason to try again."""

import os
from typing import Any

from arq.connections import RedisSettings

from partner import call_partner


async def send_order(ctx: dict[str, Any], order: str) -> None:
    call_partner(order)


class WorkerSettings:
    functions = [send_order]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
