"""Imports and exercises what nearly every run needs, before the zygote forks.

A run then starts in milliseconds.
Only coroutines on the standard loop: a thread or uvloop would leave something behind that a fork
must not have.
"""

import asyncio
import contextlib
import importlib
import importlib.metadata
import platform
import sys
from collections.abc import Iterable
from typing import Any

MODULES = (
    "anyio._backends._asyncio",
    "email.utils",
    "fastapi",
    "fastapi.middleware",
    "http.client",
    "httptools",
    "logging.config",
    "multiprocessing.resource_tracker",
    "quiz.scenario",
    "starlette.middleware.base",
    "uvicorn.lifespan.on",
    "uvicorn.logging",
    "uvicorn.loops.auto",
    "uvicorn.main",
    "uvicorn.middleware.proxy_headers",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.auto",
    "uvloop",
    "websockets.sync.client",
)


_tried: set[str] = set()
# Too large to be held by every zygote: imported when a run first asks for the package.
LATER = {
    "arq": ("arq.cli", "arq.worker"),
    "celery": (
        "billiard.popen_fork",
        "billiard.sharedctypes",
        "celery.bin.celery",
        "celery.app.amqp",
        "celery.app.control",
        "celery.app.events",
        "celery.app.log",
        "celery.apps.worker",
        "celery.backends.redis",
        "celery.concurrency.prefork",
        "celery.fixups.django",
        "celery.loaders.app",
        "celery.worker.autoscale",
        "celery.worker.components",
        "celery.worker.consumer",
        "celery.worker.consumer.delayed_delivery",
        "celery.worker.strategy",
        "kombu.transport.redis",
    ),
    "httpx": ("httpx",),
    "redis": ("redis", "redis.asyncio"),
    "rq": ("rq.cli", "rq.worker", "rq.scheduler"),
    "sqlalchemy": ("sqlalchemy.dialects.sqlite", "sqlalchemy.ext.asyncio", "sqlalchemy.orm"),
}


def load_later(packages: Iterable[str]) -> bool:
    """Import what these packages need at work; False where all of it was there already."""
    wanted = [name for package in packages for name in LATER.get(package, ())]
    missing = [name for name in wanted if name not in sys.modules and name not in _tried]
    _tried.update(missing)
    _load(missing)
    return bool(missing)


def load() -> None:
    """Import what this environment has of what nearly every run needs."""
    _load(MODULES)


def _load(names: Iterable[str]) -> None:
    for name in names:
        # Not in this environment, or another version of the library has no such module: it is
        # only warming.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def exercise() -> None:
    """Push a request through a throw-away app, so that lazily made things are made once, here."""
    if "fastapi" not in sys.modules:
        return
    fastapi: Any = importlib.import_module("fastapi")
    app = fastapi.FastAPI()

    async def answer(background_tasks: fastapi.BackgroundTasks) -> dict[str, str]:
        background_tasks.add_task(asyncio.sleep, 0)
        return {"status": "warm"}

    app.get("/")(answer)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: dict[str, Any]) -> None:
        return None

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "state": {},
    }
    asyncio.run(app(scope, receive, send))


def versions() -> dict[str, str]:
    """Python and every package of the environment."""
    packages = sorted(
        (d.metadata["Name"].lower(), d.version) for d in importlib.metadata.distributions()
    )
    return {"python": platform.python_version(), "os": platform.system(), **dict(packages)}
