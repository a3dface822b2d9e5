"""uvicorn's HTTP protocol with bounds on what a connection may send, hold and wait for.

uvicorn limits neither the size nor the time of a request's head, and its keep-alive timeout starts
only after a response. All limits here are for one connection, except the number of connections. If
there are too many, the address with the most loses one. No address can keep others out.
"""

import asyncio
import resource
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 100_000
HEAD_SECONDS = 20.0
# How long a response can wait until its client reads again.
UNREAD_SECONDS = 60.0
# A body of one-byte chunks takes six bytes for each. Trailers and chunk extensions take more.
BYTES_PER_BODY_BYTE = 8
# File descriptors for runs, the database, and connections that are being accepted.
KEPT_DESCRIPTORS = 192
FEWEST_CONNECTIONS = 32
ACCEPTED_AT_ONCE = 128


class BoundedProtocol(HttpToolsProtocol):
    """One connection. It *waits* while the server has no complete request from it."""

    most: ClassVar[int]
    open: ClassVar[dict["BoundedProtocol", None]]
    waiting: ClassVar[dict["BoundedProtocol", None]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._received = self._body = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    # Calls by the transport.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.open[self] = None
        if len(self.connections) > self.most and not self._make_room():
            self._refuse("503 Service Unavailable", "Too many connections. Try again soon.")
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.pop(self, None)
        self._wait_no_more()
        self._read_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._received > HEAD_BYTES + BYTES_PER_BODY_BYTE * self._body:
            self._refuse_head()
        elif self._is_idle:
            # Also after a refused request: the rest of its body is ignored.
            self._wait()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._read_on()
        super().resume_writing()

    def _read_on(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None

    # Calls by the parser.

    def on_message_begin(self) -> None:
        self._received = self._body = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_BYTES:
            self._refuse_head()
        if self.transport.is_closing():
            return
        self._end_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.transport.is_closing():
            return
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.transport.is_closing():
            self.waiting.pop(self, None)
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_idle and not self.transport.is_closing():
            self.waiting[self] = None

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            super().send_400_response(msg)

    # Waiting.

    @property
    def _is_idle(self) -> bool:
        # Before the first request there is no cycle.
        return bool(getattr(self.cycle, "response_complete", True))

    def _wait(self) -> None:
        """The client now has HEAD_SECONDS to send the head of a request."""
        self.waiting[self] = None
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._refuse_late)

    def _wait_no_more(self) -> None:
        self.waiting.pop(self, None)
        self._end_deadline()

    def _end_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _make_room(self) -> bool:
        """Ends a connection in favour of this new one. False if this one must be refused.

        The response of an event stream lasts as long as its run. For that reason, a connection with
        an unfinished response ends too, if its address has more connections than the new address.
        """
        held = Counter(connection._address for connection in self.open)
        mine = held[self._address]
        idle = [one for one in self.waiting if held[one._address] >= mine]
        busy = [one for one in self.open if held[one._address] > mine]
        # The first one is the oldest.
        ended = max(idle or busy, key=lambda one: held[one._address], default=None)
        if ended is None:
            return False
        self.open.pop(ended, None)
        ended._wait_no_more()
        ended.transport.abort()
        return True

    # Refusing.

    def _refuse_head(self) -> None:
        self._refuse(
            "431 Request Header Fields Too Large",
            f"The head of this request has more than {HEAD_BYTES} bytes.",
        )

    def _refuse_late(self) -> None:
        self._refuse(
            "408 Request Timeout", f"No complete request came within {HEAD_SECONDS:.0f} s."
        )

    def _refuse(self, status: str, reason: str) -> None:
        self._wait_no_more()
        # In the middle of a response, the client would read a second head as part of the body.
        if self._is_idle:
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            text = f"{head}Content-Length: {len(reason)}\r\n\r\n{reason}"
            self.transport.write(text.encode("ascii"))
        self.transport.close()


def bounded_protocol(most: int | None = None) -> type[BoundedProtocol]:
    """The protocol class of one server, with a maximum number of connections."""
    bound = most or _most_connections()

    class ServerProtocol(BoundedProtocol):
        most = bound
        open: ClassVar[dict[BoundedProtocol, None]] = {}
        waiting: ClassVar[dict[BoundedProtocol, None]] = {}

    return ServerProtocol


def _most_connections() -> int:
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        descriptors = 4096
    return max(FEWEST_CONNECTIONS, descriptors - KEPT_DESCRIPTORS)
