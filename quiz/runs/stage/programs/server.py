"""A uvicorn server with the demo's app, in its own process, on a free loopback port."""

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
    """Serve until a signal arrives; `app` is "module:attribute" among the demo's files."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    # A package of the environment, not of the app.
    uvicorn: Any = importlib.import_module("uvicorn")
    sys.path.insert(0, os.getcwd())
    config = uvicorn.Config(app, **options)
    config.load()
    # The probe starts after the app is loaded, because it slows the loading down.
    probe = watch.install(run)
    config.loaded_app = Recorder(config.loaded_app, probe)

    class Server(uvicorn.Server):  # type: ignore[misc]
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            probe.ready(port)

    Server(config).run(sockets=[listener])


def rehearse() -> None:
    """Run the start of a server with an empty app, without a socket and without logging."""
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
    """An app that ignores everything."""
