"""The libraries that the probe does not hook into."""

from quiz.runs.stage.libraries.library import Library

WITHOUT_HOOKS = (
    Library("fastapi", "FastAPI"),
    Library("httpx", "httpx", warm=("httpx",)),
    Library("kombu", "kombu", needs_broker=True),
    Library("pika", "pika", needs_broker=True),
    Library("redis", "redis-py", needs_broker=True, warm=("redis", "redis.asyncio")),
    Library(
        "sqlalchemy",
        "SQLAlchemy",
        warm=("sqlalchemy.dialects.sqlite", "sqlalchemy.ext.asyncio", "sqlalchemy.orm"),
    ),
)
