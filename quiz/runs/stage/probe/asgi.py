"""The outermost ASGI layer of a demo's app.

Notes when a request came, when its response was handed over, when it ended.
It changes no message. `responded` with `more` is the response's start; without, the `send` of its
last body message has returned, which is what "response sent" means everywhere.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from quiz.runs.stage.probe.probe import Probe, describe, request

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]


class Recorder:
    def __init__(self, app: App, probe: Probe) -> None:
        self._app = app
        self._probe = probe
        self._requests: Counter[int] = Counter()

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send
    ) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = f"{scope['method']} {scope['path']}"
        port = (scope.get("client") or ("", 0))[1]
        self._requests[port] += 1
        detail = {"request": self._probe.serial()}

        def emit(event: str, **more: Any) -> None:
            self._probe.emit(event, name, "event loop", detail | more)

        emit("received", port=port, nth=self._requests[port])
        request.set(detail["request"])
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
                emit("responded", status=status, more=True)
            elif message["type"] == "http.response.body" and not message.get("more_body"):
                emit("responded", status=status, more=False)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            emit("cancelled")
            raise
        except BaseException as error:
            emit("failed", error=describe(error))
            raise
        emit("succeeded")
