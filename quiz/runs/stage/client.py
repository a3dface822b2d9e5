"""The scenario's HTTP client: says when a request left and when its whole response was there.

The standard library's, because a client that needs 20 ms to be made would be seen in the timeline.
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

from quiz.runs.stage.probe.probe import Probe, describe

CLOSED = "The client closed its connection."


@dataclass(frozen=True)
class Reply:
    """What the client got.

    `status` is None and `error` says why when the connection broke first. `bytes` is what went over
    the line for it, both ways, heads included.
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


class _Line:
    """A socket that counts what passes: as much of one as http.client asks for."""

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
        return io.BufferedReader(_Incoming(self._sock.makefile("rb", 0), self))

    def close(self) -> None:
        self._sock.close()


class _Incoming(io.RawIOBase):
    def __init__(self, file: socket.SocketIO, line: _Line) -> None:
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
    """One keep-alive connection.

    Its local port and the number of the request tie client and server together.
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
            # Whose server is gone has no connection: the request that wants one fails of it.
            self._refused = error
        else:
            self._port = self._http.sock.getsockname()[1]
            self._http.sock = self._line = _Line(self._http.sock)

    def ask(self, request: Request, probe: Probe, before: Callable[[int], None]) -> Reply:
        """Send and read to the end.

        `before` is told the instant (ns) just before the first byte leaves.
        """
        self._nth += 1
        call, name = probe.serial(), f"{request.method} {request.path.partition('?')[0]}"
        t = time.monotonic_ns()
        before(t)
        where = {"call": call, "port": self._port, "nth": self._nth}
        probe.emit("started", name, "client", where, t)
        try:
            self._asking = True
            answer, body, passed = self._exchange(request)
        except (OSError, http.client.HTTPException) as error:
            told = (
                {"error": CLOSED, "by": "learner"} if self._closed else {"error": describe(error)}
            )
            probe.emit("failed", name, "client", {"call": call} | told)
            return Reply(None, error=told["error"])
        finally:
            self._asking = False
        probe.emit("succeeded", name, "client", {"call": call, "status": answer.status})
        return Reply(answer.status, body, dict(answer.getheaders()), bytes=passed)

    def _exchange(self, request: Request) -> tuple[http.client.HTTPResponse, bytes, int]:
        """The answer, its body, and how many bytes went both ways."""
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
        """Ask unseen: when (ns), and for how many milliseconds until the whole answer was there."""
        if self._refused:
            raise self._refused
        t = time.monotonic_ns()
        self._http.request("GET", path)
        self._http.getresponse().read()
        return t, (time.monotonic_ns() - t) / 1e6

    def close(self) -> None:
        self._http.close()

    def hang_up(self) -> None:
        """Close it in the middle of a request, from a signal's handler: whoever reads is told."""
        if self._asking and not self._refused:
            self._closed = True
            self._line.shut()


@contextlib.contextmanager
def acting(name: str, probe: Probe, before: Callable[[int], None]) -> Iterator[None]:
    """Say when it began and ended, as of a request; no server is tied to it."""
    where = {"call": probe.serial()}
    t = time.monotonic_ns()
    before(t)
    probe.emit("started", name, "client", where, t)
    try:
        yield
    except Exception as error:
        probe.emit("failed", name, "client", where | {"error": describe(error)})
        raise
    probe.emit("succeeded", name, "client", where)


class Pending:
    """A request on its way, in a thread of the client."""

    def __init__(self, ask: Callable[[], Reply]) -> None:
        self._reply = Reply(None, error="no reply yet")
        self._thread = threading.Thread(target=self._run, args=(ask,), daemon=True)
        self._thread.start()

    def _run(self, ask: Callable[[], Reply]) -> None:
        self._reply = ask()

    def reply(self, seconds: float = 30.0) -> Reply:
        """Wait for it, at most so long."""
        self._thread.join(seconds)
        return self._reply


class Asking:
    """A client that asks in a thread of its own, over a connection of its own, until it is stopped.

    `told` hears how many milliseconds each answer took, and when it was asked for (ns). A server
    that is gone ends it too.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        every: float,
        told: Callable[[float, int], None],
    ) -> None:
        self._stopped = threading.Event()
        self._ask = (connection, path, every, told)
        self.answers: list[float] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        connection, path, every, told = self._ask
        while not self._stopped.is_set():
            try:
                at_ns, ms = connection.took(path)
            except (OSError, http.client.HTTPException):
                break
            self.answers.append(ms)
            told(ms, at_ns)
            self._stopped.wait(max(0.0, every - ms / 1000))
        connection.close()

    def stop(self) -> list[float]:
        """What each answer took (ms), the one that is still waited for included."""
        self._stopped.set()
        self._thread.join()
        return self.answers
