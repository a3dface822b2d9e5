"""Bodies on a real socket: a refused body is read further, so that the client gets the response."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from quiz.settings import Settings
from quiz.web.core import body_limit, connections
from tests.serving import served

LIMIT = 100_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    folder: Path = tmp_path_factory.mktemp("served")
    with served(Settings(data=folder, cache=folder / "cache", body_bytes=LIMIT)) as place:
        yield place


def receive(connection: socket.socket) -> bytes:
    """Bytes until the head of a response is complete or the connection ends."""
    heard = b""
    while b"\r\n\r\n" not in heard and (more := connection.recv(65_536)):
        heard += more
    return heard


def send_on(connection: socket.socket, asked: bytes) -> None:
    while True:
        connection.sendall(asked)


@pytest.mark.parametrize("address", ["/nowhere", "/sandbox/task_order/runs"])
def test_a_client_that_sends_a_large_body_receives_413(
    place: tuple[str, int], address: str
) -> None:
    connection = http.client.HTTPConnection(*place, timeout=20)
    connection.request("POST", address, body=b"x" * (50 * LIMIT))
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"100000 bytes" in answer.read()
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_body_that_never_arrives_ends_the_request_and_the_connection(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_limit, "BODY_SECONDS", 0.5)
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab")
        assert receive(connection).startswith(b"HTTP/1.1 408")
        while connection.recv(65_536):
            pass


def test_a_client_that_never_reads_the_response_loses_its_connection(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(place)
        asked = b"GET /packs/background-tasks HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with pytest.raises(ConnectionError):
            send_on(connection, asked)


def test_a_chunked_body_over_the_limit_receives_413(place: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*place, timeout=20)
    chunks = (b"x" * 10_000 for _ in range(500))
    connection.request("POST", "/nowhere", body=chunks, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_expect_100_continue_with_a_large_length_receives_413_at_once(
    place: tuple[str, int],
) -> None:
    head = f"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10 * LIMIT}\r\n"
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert receive(connection).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "head",
    [
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "nonsense\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused_without_a_server_error(
    place: tuple[str, int], head: str
) -> None:
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(head.encode())
        assert receive(connection).startswith(b"HTTP/1.1 4")


def test_an_interrupted_body_does_no_harm_to_the_server(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab")
    check = http.client.HTTPConnection(*place, timeout=20)
    check.request("GET", "/healthz")
    assert check.getresponse().status == 200
    check.close()
