"""ARQ tries again where the job says so, by raising Retry."""

import os
from typing import Any

from arq import Retry
from arq.connections import RedisSettings

from partner import call_partner

RETRY_SECONDS = 1


async def send_order(ctx: dict[str, Any], order: str) -> None:
    try:
        call_partner(order)
    except ConnectionError as error:
        raise Retry(defer=RETRY_SECONDS * ctx["job_try"]) from error


class WorkerSettings:
    functions = [send_order]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
