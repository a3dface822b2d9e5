"""Request bodies within limits of size, time and memory.

A body that is too large is still read for a while. Otherwise its sender would not get the response.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from quiz.web.core.http_error import HttpError

BODY_SECONDS = 60.0
# Answers to questions are smaller than this. Such a body is always accepted.
FREE_BYTES = 16_384
# How many bodies of the largest size are held in memory at once, for each kind.
HELD_AT_ONCE = 4
BUSY_SECONDS = 5
# How much of a refused body is read before the connection is closed.
DRAIN_BYTES = 64_000_000
DRAIN_SECONDS = 10.0

BAD_LENGTH = partial(
    HttpError,
    400,
    "The length of the body could not be read",
    "Content-Length must be a whole number.",
)


LATE = partial(
    HttpError,
    408,
    "The request took too long",
    f"The body of a request must arrive within {BODY_SECONDS:.0f} s.",
    "Send it again over a faster connection, or in smaller parts.",
    headers={"Connection": "close"},
)
BUSY = partial(
    HttpError,
    503,
    "Too much is being sent to this server",
    "The server holds as many large uploads as it has memory for.",
    f"Send it again in {BUSY_SECONDS} s.",
    headers={"Retry-After": str(BUSY_SECONDS)},
)


@dataclass
class Limit:
    """The limit of one kind of body, in bytes. `name` is the setting for `most`."""

    most: int
    name: str
    held: int = 0

    @contextlib.contextmanager
    def holding(self) -> Iterator["Held"]:
        """Counts the bytes of one request until its response is sent."""
        held = Held(self)
        try:
            yield held
        finally:
            self.held -= held.counted

    def passed(self) -> HttpError:
        return HttpError(
            413,
            "The request is too large",
            f"The body of this request may have {self.most} bytes at most.",
            f"Send less, or start the app with a larger {self.name}.",
        )


class Held:
    """The bytes of one body that count towards the memory of all bodies."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.counted = 0

    def grow(self, size: int) -> None:
        """Raises HttpError 503 if the bodies of all requests together are too large."""
        more = max(0, size - FREE_BYTES) - self.counted
        if more > 0 and self.limit.held + more > HELD_AT_ONCE * self.limit.most:
            raise BUSY()
        self.counted += more
        self.limit.held += more


async def bounded(headers: dict[bytes, bytes], receive: Receive, held: Held) -> Receive:
    """Reads the whole body, which the app then receives. Raises HttpError 400, 408, 413 or 503."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _bounded(headers, receive, held)
    except TimeoutError:
        raise LATE() from None


async def _bounded(headers: dict[bytes, bytes], receive: Receive, held: Held) -> Receive:
    limit = held.limit
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise BAD_LENGTH()
    if int(length[:20]) > limit.most:
        # A client that expects 100-continue has not sent the body yet.
        if headers.get(b"expect", b"").lower() != b"100-continue":
            await _drain(receive)
        raise limit.passed()
    body = bytearray()
    more = True
    while more:
        chunk, more = await _chunk(receive)
        if len(body) + len(chunk) > limit.most:
            if more:
                await _drain(receive)
            raise limit.passed()
        held.grow(len(body) + len(chunk))
        body += chunk
    return _again(bytes(body), receive)


async def _chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    """Reads what the client still sends: closing on unread data would discard the response."""
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
