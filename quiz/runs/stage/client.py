"""The scenario's HTTP client. It reports when a request was sent and its response received.

It uses http.client: another client needs 20 ms to start, which the timeline would show.
"""

import contextlib
import http.client
import io
import json as json_module
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quiz.runs.stage.probe.writer import EventWriter, describe

CLOSED = "The client closed its connection."


@dataclass(frozen=True)
class Reply:
    """The response that the client received.

    `status` is None and `error` says why if the connection failed. `bytes` counts both directions,
    including the headers.
    """

    status: int | None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    bytes: int = 0

    def json(self) -> Any:
        return json_module.loads(self.body)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class _CountingSocket:
    """A socket that counts the bytes in both directions. It has the methods of http.client's."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.bytes = 0

    def sendall(self, data: bytes) -> None:
        self.bytes += len(data)
        self._sock.sendall(data)

    def shut(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_CountingReader(self._sock.makefile("rb", 0), self))

    def close(self) -> None:
        self._sock.close()


class _CountingReader(io.RawIOBase):
    def __init__(self, file: socket.SocketIO, line: _CountingSocket) -> None:
        self._file, self._line = file, line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        read = self._file.readinto(buffer)
        self._line.bytes += read or 0
        return read

    def close(self) -> None:
        self._file.close()
        super().close()


class Connection:
    """A keep-alive connection.

    The server's events contain its local port and the number of the request on it.
    """

    def __init__(self, port: int, seconds: float = 30.0) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._nth = 0
        self._asking = self._closed = False
        self._port = 0
        self._refused: OSError | None = None
        try:
            self._http.connect()
        except ConnectionRefusedError as error:
            # The server has ended. The first request on this connection reports the error.
            self._refused = error
        else:
            self._port = self._http.sock.getsockname()[1]
            self._http.sock = self._line = _CountingSocket(self._http.sock)

    def ask(self, request: Request, events: EventWriter, before: Callable[[int], None]) -> Reply:
        """Send the request and receive the whole response.

        `before` receives the time (ns) just before the first byte is sent.
        """
        self._nth += 1
        call, name = events.serial(), f"{request.method} {request.path.partition('?')[0]}"
        t = time.monotonic_ns()
        before(t)
        where = {"call": call, "port": self._port, "nth": self._nth}
        events.emit("started", name, "client", where, t)
        try:
            self._asking = True
            answer, body, passed = self._exchange(request)
        except (OSError, http.client.HTTPException) as error:
            told = (
                {"error": CLOSED, "by": "learner"} if self._closed else {"error": describe(error)}
            )
            events.emit("failed", name, "client", {"call": call} | told)
            return Reply(None, error=told["error"])
        finally:
            self._asking = False
        events.emit("succeeded", name, "client", {"call": call, "status": answer.status})
        return Reply(answer.status, body, dict(answer.getheaders()), bytes=passed)

    def _exchange(self, request: Request) -> tuple[http.client.HTTPResponse, bytes, int]:
        """The response, its body, and the number of bytes in both directions."""
        if self._refused:
            raise self._refused
        before = self._line.bytes
        self._http.request(
            request.method, request.path, body=request.body, headers=dict(request.headers)
        )
        answer = self._http.getresponse()
        body = answer.read()
        return answer, body, self._line.bytes - before

    def took(self, path: str) -> tuple[int, float]:
        """Send a GET request without events: when (ns), and how many ms its response took."""
        if self._refused:
            raise self._refused
        t = time.monotonic_ns()
        self._http.request("GET", path)
        self._http.getresponse().read()
        return t, (time.monotonic_ns() - t) / 1e6

    def close(self) -> None:
        self._http.close()

    def hang_up(self) -> None:
        """Close the connection if a request is open. Signal handlers may call this."""
        if self._asking and not self._refused:
            self._closed = True
            self._line.shut()


@contextlib.contextmanager
def client_call(name: str, events: EventWriter, before: Callable[[int], None]) -> Iterator[None]:
    """Report a call of the client, like a request that belongs to no server."""
    where = {"call": events.serial()}
    t = time.monotonic_ns()
    before(t)
    events.emit("started", name, "client", where, t)
    try:
        yield
    except Exception as error:
        events.emit("failed", name, "client", where | {"error": describe(error)})
        raise
    events.emit("succeeded", name, "client", where)


class Pending:
    """A request in a thread of the client."""

    def __init__(self, ask: Callable[[], Reply]) -> None:
        self._reply = Reply(None, error="no reply yet")
        self._thread = threading.Thread(target=self._run, args=(ask,), daemon=True)
        self._thread.start()

    def _run(self, ask: Callable[[], Reply]) -> None:
        self._reply = ask()

    def reply(self, seconds: float = 30.0) -> Reply:
        """Wait for the response, at most so many seconds."""
        self._thread.join(seconds)
        return self._reply


class Polling:
    """A client that sends GET requests in a thread, over one connection, until `stop()`.

    `on_answer` receives how many ms each response took, and when its request was sent (ns). The
    thread also ends if the connection fails.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        every: float,
        on_answer: Callable[[float, int], None],
    ) -> None:
        self._connection = connection
        self._path = path
        self._every = every
        self._on_answer = on_answer
        self._stopped = threading.Event()
        self.answers: list[float] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> list[float]:
        """How many ms each response took, including the response that is still open."""
        self._stopped.set()
        self._thread.join()
        return self.answers

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                at_ns, ms = self._connection.took(self._path)
            except (OSError, http.client.HTTPException):
                break
            self.answers.append(ms)
            self._on_answer(ms, at_ns)
            self._stopped.wait(max(0.0, self._every - ms / 1000))
        self._connection.close()
