"""Real uvicorn with the demo's app, in a process of its own on a socket that the owner has bound."""

import importlib
import os
import socket
import sys
from typing import Any

from quiz.sandbox.stage import watch
from quiz.sandbox.stage.asgi import Recorder


def serve(run: str, app: str, listener: socket.socket, options: dict[str, Any]) -> None:
    """Serve until a signal; `app` is "module:attribute" of the run's working folder."""
    # Found in the environment, not among our own dependencies.
    uvicorn: Any = importlib.import_module("uvicorn")
    probe = watch.install(run)

    class Server(uvicorn.Server):  # type: ignore[misc]
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            probe.ready()

    sys.path.insert(0, os.getcwd())
    config = uvicorn.Config(app, **options)
    config.load()
    config.loaded_app = Recorder(config.loaded_app, probe)
    Server(config).run(sockets=[listener])
