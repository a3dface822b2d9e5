"""The outermost ASGI layer of a demo's app: it reports each request and its response.

It changes no message. A `responded` event with `more` is the start of the response. Without `more`,
the `send` of the last body message has returned: the page calls that "response sent".
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from quiz.runs.stage.probe.context import request
from quiz.runs.stage.probe.writer import EventWriter, describe

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Recorder:
    def __init__(self, app: App, events: EventWriter) -> None:
        self._app = app
        self._events = events
        self._requests: Counter[int] = Counter()  # by the client's port

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        port = (scope.get("client") or ("", 0))[1]
        self._requests[port] += 1
        recorded = _Request(self._events, f"{scope['method']} {scope['path']}", send)
        recorded.emit("received", port=port, nth=self._requests[port])
        request.set(recorded.id)
        try:
            await self._app(scope, receive, recorded.send)
        except asyncio.CancelledError:
            recorded.emit("cancelled")
            raise
        except BaseException as error:
            recorded.emit("failed", error=describe(error))
            raise
        recorded.emit("succeeded")


class _Request:
    """One request and the status of its response."""

    def __init__(self, events: EventWriter, name: str, send: Send) -> None:
        self.id = events.serial()
        self._events = events
        self._name = name
        self._send = send
        self._status = 0

    def emit(self, event: str, **more: Any) -> None:
        self._events.emit(event, self._name, "event loop", {"request": self.id, **more})

    async def send(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self.emit("responded", status=self._status, more=True)
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            self.emit("responded", status=self._status, more=False)
