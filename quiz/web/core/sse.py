"""Server-sent events: written, kept alive, ended when the server stops. Knows no run."""

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
# A comment now and then: without it nobody learns that the reader of a silent stream has left.
PULSE = ": still here\n\n"
PULSE_SECONDS = 15.0


def message(data: str, *, event: str = "", id: str = "") -> str:
    lines = [f"id: {id}"] if id else []
    if event:
        lines.append(f"event: {event}")
    lines += [f"data: {line}" for line in data.splitlines() or [""]]
    return "\n".join(lines) + "\n\n"


def event_stream(request: Request, messages: AsyncIterator[str]) -> StreamingResponse:
    """The messages until they end or the server has to stop, which an open stream holds up."""
    stopping: asyncio.Event = request.app.state.stopping
    return StreamingResponse(_alive(messages, stopping), 200, HEADERS, "text/event-stream")


async def unless_stopping(request: Request, result: Coroutine[Any, Any, T]) -> T | None:
    """What is waited for, or None when the server has to stop first."""
    stopping: asyncio.Event = request.app.state.stopping
    stopped = asyncio.ensure_future(stopping.wait())
    awaited = asyncio.ensure_future(result)
    try:
        await asyncio.wait({awaited, stopped}, return_when=FIRST_COMPLETED)
        return awaited.result() if awaited.done() else None
    finally:
        stopped.cancel()
        awaited.cancel()


async def _alive(messages: AsyncIterator[str], stopping: asyncio.Event) -> AsyncIterator[str]:
    stopped = asyncio.ensure_future(stopping.wait())
    upcoming: asyncio.Future[str] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(messages))
            waiting: set[asyncio.Future[Any]] = {upcoming, stopped}
            done, _ = await asyncio.wait(
                waiting, timeout=PULSE_SECONDS, return_when=FIRST_COMPLETED
            )
            if stopped in done:
                return
            if upcoming not in done:
                yield PULSE
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
def told_of_stopping(stopping: asyncio.Event) -> Iterator[None]:
    """Hear of SIGTERM and SIGINT before the server waits for its streams: lifespans do not."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        if callable(handler := before[signal.Signals(number)]):
            handler(number, frame)

    # Only around a server's own handlers: without one a signal has to end the process as ever.
    ours = [number for number, handler in before.items() if callable(handler)]
    for number in ours:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
