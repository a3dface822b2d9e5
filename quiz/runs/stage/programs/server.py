"""Real uvicorn with the demo's app, in a process of its own on a free loopback port."""

import asyncio
import importlib
import logging
import os
import socket
import sys
from typing import Any

from quiz.runs.stage import warm
from quiz.runs.stage.probe import watch
from quiz.runs.stage.probe.asgi import Recorder


def serve(run: str, app: str, options: dict[str, Any]) -> None:
    """Serve until a signal; `app` is "module:attribute" of the run's working folder."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    # Found in the environment, not among our own dependencies.
    uvicorn: Any = importlib.import_module("uvicorn")
    sys.path.insert(0, os.getcwd())
    config = uvicorn.Config(app, **options)
    config.load()
    # Watched from here on: what counts is what the app does, and loading it watched takes longer.
    probe = watch.install(run)
    config.loaded_app = Recorder(config.loaded_app, probe)

    class Server(uvicorn.Server):  # type: ignore[misc]
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            probe.ready(port)

    Server(config).run(sockets=[listener])


def rehearse() -> None:
    """Go through the motions once, with a throw-away app, no socket and nothing logged."""
    uvicorn: Any = importlib.import_module("uvicorn")
    warm.exercise()
    config = uvicorn.Config(_nothing, log_config=None)
    logging.disable()
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_live_through(config))
    logging.disable(logging.NOTSET)
    uvicorn.Config(_nothing)


async def _live_through(config: Any) -> None:
    config.load()
    lifespan = config.lifespan_class(config)
    await lifespan.startup()
    await lifespan.shutdown()


async def _nothing(_scope: object, _receive: object, _send: object) -> None:
    """An app that knows no protocol."""
