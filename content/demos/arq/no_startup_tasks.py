"""As it is often printed, with its import put right: nobody has put a mailer into `ctx`."""

import os
from typing import Any

from arq.connections import RedisSettings


async def send_welcome_email(ctx: dict[str, Any], email: str) -> None:
    await ctx["smtp"].send(email, "Welcome!")


class WorkerSettings:
    functions = [send_welcome_email]
    redis_settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
