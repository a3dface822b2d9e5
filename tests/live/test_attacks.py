"""Attacks of a hostile client on `quiz serve`: each is limited, and other clients are served."""

import resource
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.live.test_serve import Served, get, served

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /progress/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("attacked")) as server:
        yield server


def connect(server: Served, source: str = "127.0.0.1") -> socket.socket:
    to = ("127.0.0.1", server.port)
    return socket.create_connection(to, timeout=40, source_address=(source, 0))


def heard(connection: socket.socket) -> bytes:
    """All bytes that arrive until the server closes the connection."""
    said = b""
    try:
        while more := connection.recv(65_536):
            said += more
    except ConnectionError:
        pass
    return said


def send_much(connection: socket.socket, part: bytes, times: int) -> int:
    """Number of bytes that the server read before it closed the connection."""
    sent = 0
    try:
        for _ in range(times):
            connection.sendall(part)
            sent += len(part)
    except OSError:
        pass
    return sent


def cpu_seconds(server: Served) -> float:
    times = psutil.Process(server.process.pid).cpu_times()
    return times.user + times.system


@pytest.mark.parametrize(
    "begin",
    [b"GET /", HEAD + b"X-Long: ", POST % 5 + b"hello" + b"GET /?"],
    ids=["target", "header", "the second request of a connection"],
)
def test_an_endless_request_head_is_refused_after_little_work(server: Served, begin: bytes) -> None:
    before = cpu_seconds(server)
    with connect(server) as connection:
        connection.sendall(begin)
        sent = send_much(connection, b"a" * MEGABYTE, 200)
    assert sent < 20 * MEGABYTE
    assert cpu_seconds(server) - before < 1
    assert get(server.port, "/healthz")


def test_a_request_head_over_100_kb_receives_431(server: Served) -> None:
    for size, status in ((101_000, b" 431 "), (90_000, b" 200 ")):
        with connect(server) as connection:
            connection.sendall(HEAD + b"Connection: close\r\nX-Long: " + b"a" * size + b"\r\n\r\n")
            assert status in heard(connection).partition(b"\r\n")[0]


def test_connections_without_a_complete_head_end_within_20_seconds(server: Served) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        waiting = []
        for begin in (b"", b"\r\n", HEAD):
            waiting.append(stack.enter_context(connect(server)))
            waiting[-1].sendall(begin)
        for connection in waiting:
            assert b" 408 " in heard(connection)
    assert 15 < time.monotonic() - began < 25


def test_endless_trailers_are_refused(server: Served) -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(server) as connection:
        connection.sendall(chunked + b"1\r\na\r\n0\r\nX-Long: ")
        assert send_much(connection, b"a" * MEGABYTE, 200) < 20 * MEGABYTE


def test_unfinished_imports_use_limited_memory_and_block_no_answer(
    server: Served,
) -> None:
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with ExitStack() as stack:
        answers = []
        for _ in range(40):
            connection = stack.enter_context(connect(server))
            connection.sendall(POST % (9 * MEGABYTE))
            send_much(connection, b"x" * MEGABYTE, 8)
            answers.append(connection)
        assert process.memory_info().rss - before < 150 * MEGABYTE
        with connect(server) as small:
            small.sendall(b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
            small.sendall(b"Content-Length: 5\r\n\r\na=bcd")
            assert b" 404 " in heard(small).partition(b"\r\n")[0]


@contextmanager
def served_with_256_descriptors(data: Path) -> Iterator[Served]:
    ours = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, ours[1]))
        try:
            server = stack.enter_context(served(data))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, ours)
        yield server


def test_new_clients_are_served_beside_300_idle_connections(
    tmp_path: Path,
) -> None:
    with served_with_256_descriptors(tmp_path) as server, ExitStack() as stack:
        idle = [stack.enter_context(connect(server)) for _ in range(300)]
        for connection in idle[::2]:
            send_much(connection, POST % 9 + b"a", 1)
        began = time.monotonic()
        for _ in range(5):
            assert get(server.port, "/healthz")
        assert time.monotonic() - began < 5


def test_one_address_cannot_take_all_event_streams(
    tmp_path: Path,
) -> None:
    with served_with_256_descriptors(tmp_path) as server, ExitStack() as stack:
        body = b'{"parameters": {"task_a_seconds": 5}}'
        address = f"http://127.0.0.1:{server.port}/sandbox/task_order/runs"
        with urllib.request.urlopen(urllib.request.Request(address, body), timeout=10) as reply:
            run = reply.headers["Location"].encode()
        for _ in range(80):
            stream = stack.enter_context(connect(server, "127.0.0.2"))
            stream.sendall(b"GET %b/events HTTP/1.1\r\nHost: localhost\r\n\r\n" % run)
            assert stream.recv(12) in (b"HTTP/1.1 200", b"HTTP/1.1 503")
        for _ in range(5):
            assert get(server.port, "/healthz")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n", b" 400 "),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n", b" 400 "),
        (b"GET /feed.xml HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n", b" 400 "),
    ],
)
def test_a_malformed_request_is_refused_without_a_server_error(
    server: Served, request_: bytes, status: bytes
) -> None:
    with connect(server) as connection:
        connection.sendall(request_ + b"Connection: close\r\n\r\n")
        answer = heard(connection)
    assert status in answer.partition(b"\r\n")[0]
    assert b"evil" not in answer
