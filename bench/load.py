"""Many keep-alive connections that ask as fast as they are answered, for a bounded time.

Small on purpose: it shares the machine with the server that it presses.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import uvloop

from bench.figures import BenchError
from bench.server import Address

LAST_ANSWER_SECONDS = 10.0
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
Requests = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Load:
    answers: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


class Connection(asyncio.Protocol):
    """Sends the next request when the last one is answered, until `until`."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self._requests = requests
        self._until = until
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._data = b""
        self._needed = 0
        self.statuses: Counter[int] = Counter()
        self.is_whole = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are no subclass of it.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._data += data
        self._needed = self._needed or _length(self._data)
        if not self._needed or len(self._data) < self._needed:
            return
        self.statuses[int(self._data[9:12])] += 1
        self._data, self._needed = b"", 0
        if time.perf_counter() < self._until:
            self._transport.write(next(self._requests))
        else:
            self.is_whole = True
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set_result(None)


def _length(data: bytes) -> int:
    """Length of the whole response. It is 0 until the head has arrived."""
    head = data.find(END_OF_HEAD)
    if head < 0:
        return 0
    at = data.lower().find(LENGTH, 0, head)
    body = 0 if at < 0 else int(data[at + len(LENGTH) : data.find(b"\r\n", at + 2)])
    return head + len(END_OF_HEAD) + body


def _same(connection: Connection) -> Connection:
    return connection


def press(address: Address, each: Sequence[Requests], seconds: float, status: int) -> Load:
    """A connection for each; raises BenchError when an answer is missing or has another status."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_press(address, each, seconds, status))


async def _press(address: Address, each: Sequence[Requests], seconds: float, status: int) -> Load:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections = [Connection(iter(requests), began + seconds) for requests in each]
    for connection in connections:
        await loop.create_connection(partial(_same, connection), address.host, address.port)
    try:
        async with asyncio.timeout(seconds + LAST_ANSWER_SECONDS):
            await asyncio.gather(*(connection.ended for connection in connections))
    except TimeoutError:
        raise BenchError("Answers are missing.") from None
    took = time.perf_counter() - began
    statuses = sum((connection.statuses for connection in connections), Counter[int]())
    broken = sum(not connection.is_whole for connection in connections)
    if broken or set(statuses) != {status}:
        raise BenchError(f"Not all answers were {status}: {dict(statuses)}, {broken} broken off.")
    return Load(statuses.total(), took)
