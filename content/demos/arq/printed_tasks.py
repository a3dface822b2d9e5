"""As it is often printed."""

from typing import Any

from arq import cron


async def send_welcome_email(ctx: dict[str, Any], email: str) -> None:
    await ctx["smtp"].send(email, "Welcome!")


class WorkerSettings:
    functions = [send_welcome_email]
    redis_settings = RedisSettings()
