"""Reading a request's body within bounds.

What is too large is read on for a while, so that its sender hears of it.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from quiz.web import HttpError

# What a sender may go on sending before the connection is given up.
DRAIN_BYTES = 64_000_000
DRAIN_SECONDS = 10.0

BAD_LENGTH = partial(
    HttpError,
    400,
    "The length of the body could not be read",
    "Content-Length must be a whole number.",
)


@dataclass(frozen=True)
class Limit:
    """In bytes; `name` is the setting that says so."""

    most: int
    name: str

    def passed(self) -> HttpError:
        return HttpError(
            413,
            "That is too much at once",
            f"The body of this request may have {self.most} bytes at most.",
            f"Send less, or start the app with a larger {self.name}.",
        )


async def bounded(headers: dict[bytes, bytes], receive: Receive, limit: Limit) -> Receive:
    """The whole body, ready to be received again. Raises HttpError 413 or, on a bad length, 400."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise BAD_LENGTH()
    if int(length[:20]) > limit.most:
        # Who asks first is told before anything was sent.
        if headers.get(b"expect", b"").lower() != b"100-continue":
            await _drain(receive)
        raise limit.passed()
    body = bytearray()
    more = True
    while more:
        chunk, more = await _chunk(receive)
        body += chunk
        if len(body) > limit.most:
            if more:
                await _drain(receive)
            raise limit.passed()
    return _again(bytes(body), receive)


async def _chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    """A connection that closes on unread data takes the answer with it."""
    left, more = DRAIN_BYTES, True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while more and left > 0:
                chunk, more = await _chunk(receive)
                left -= len(chunk)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
