"""Imports and exercises what nearly every run needs, so that a forked run starts in milliseconds.

It starts no thread and no uvloop, because a fork must not inherit them.
"""

import asyncio
import contextlib
import importlib
import importlib.metadata
import platform
import sys
from collections.abc import Iterable
from typing import Any

from quiz.runs.stage.libraries import LIBRARIES

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


def load() -> None:
    """Import the modules that nearly every run needs, as far as the environment has them."""
    _load(MODULES)


def load_later(packages: Iterable[str]) -> bool:
    """Import what a run of these packages needs. False if all of it was imported before.

    These modules are too large for every zygote.
    """
    used = [LIBRARIES[package] for package in packages if package in LIBRARIES]
    wanted = [name for library in used for name in library.warm]
    missing = [name for name in wanted if name not in sys.modules and name not in _tried]
    _tried.update(missing)
    _load(missing)
    return bool(missing)


def exercise() -> None:
    """Send a request through an app, so that FastAPI does its lazy work before any fork."""
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


def _load(names: Iterable[str]) -> None:
    for name in names:
        # The environment, or its version of a library, may lack the module. Runs work without.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
