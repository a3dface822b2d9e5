"""Imports and exercises what nearly every run needs, before the zygote forks.

A run then starts in milliseconds.
Only coroutines on the standard loop: a thread or uvloop would leave something behind that a fork
must not have.
"""

import asyncio
import importlib
import importlib.metadata
import importlib.util
import platform
import sys
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
)


def load() -> None:
    """Import what this environment has of them."""
    for name in MODULES:
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            try:
                importlib.import_module(name)
            except ImportError:
                # Another version of the library has no such module: it is only warming.
                continue


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
