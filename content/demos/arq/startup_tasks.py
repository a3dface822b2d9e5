"""What every job needs is made once, when the worker starts, and handed to each in `ctx`."""

import os
from typing import Any

from arq.connections import RedisSettings

from mailer import Mailer


async def startup(ctx: dict[str, Any]) -> None:
    ctx["smtp"] = Mailer()
    await ctx["smtp"].connect()


async def send_welcome_email(ctx: dict[str, Any], email: str) -> None:
    await ctx["smtp"].send(email, "Welcome!")


class WorkerSettings:
    functions = [send_welcome_email]
    on_startup = startup
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
