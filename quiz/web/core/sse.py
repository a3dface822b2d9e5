"""Server-sent events: format, keep-alive, and an end when the server stops. Knows no run."""

import asyncio
import contextlib
import signal
import threading
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Coroutine, Iterator
from types import FrameType
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse

T = TypeVar("T")
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
# If a stream stays silent, the server does not notice that its client left.
KEEPALIVE = ": still here\n\n"
KEEPALIVE_SECONDS = 15.0


class EventStream(StreamingResponse):
    """A stream of messages.

    FastAPI's own class takes only generators as routes. Such a route cannot answer 204, and its
    stream does not end when the server stops.
    """

    media_type = "text/event-stream"


def message(data: str, *, event: str = "", id: str = "") -> str:
    """A message in the wire format."""
    lines = [f"id: {id}"] if id else []
    if event:
        lines.append(f"event: {event}")
    lines += [f"data: {line}" for line in data.splitlines() or [""]]
    return "\n".join(lines) + "\n\n"


def event_stream(request: Request, messages: AsyncIterator[str]) -> EventStream:
    """Sends the messages until they end or the server stops, which an open stream would delay."""
    stopping: asyncio.Event = request.app.state.stopping
    return EventStream(_until_stop(messages, stopping), headers=HEADERS)


async def unless_stopping(request: Request, result: Coroutine[Any, Any, T]) -> T | None:
    """Awaits the result. Returns None if the server stops first."""
    stopping: asyncio.Event = request.app.state.stopping
    stopped = asyncio.ensure_future(stopping.wait())
    awaited = asyncio.ensure_future(result)
    try:
        await asyncio.wait({awaited, stopped}, return_when=FIRST_COMPLETED)
        return awaited.result() if awaited.done() else None
    finally:
        stopped.cancel()
        awaited.cancel()


async def _until_stop(messages: AsyncIterator[str], stopping: asyncio.Event) -> AsyncIterator[str]:
    stopped = asyncio.ensure_future(stopping.wait())
    upcoming: asyncio.Future[str] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(messages))
            waiting: set[asyncio.Future[Any]] = {upcoming, stopped}
            done, _ = await asyncio.wait(
                waiting, timeout=KEEPALIVE_SECONDS, return_when=FIRST_COMPLETED
            )
            if stopped in done:
                return
            if upcoming not in done:
                yield KEEPALIVE
                continue
            try:
                text = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = None
            yield text
    finally:
        stopped.cancel()
        if upcoming:
            upcoming.cancel()


@contextlib.contextmanager
def stop_signals(stopping: asyncio.Event) -> Iterator[None]:
    """Sets the event on SIGTERM and SIGINT, and then calls the server's own signal handler.

    The end of the lifespan is too late: the server first waits for its streams.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        if callable(handler := before[signal.Signals(number)]):
            handler(number, frame)

    # Without a handler of the server, the signal must end the process as it does by default.
    replaced = [number for number, handler in before.items() if callable(handler)]
    for number in replaced:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, before[number])
