"""The scenario's client, over a real socket."""

import socket
import threading
from pathlib import Path

from quiz.runs.stage.client import Connection, Request
from quiz.runs.stage.probe.writer import EventWriter

ANSWER = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nlamp\r\n0\r\n\r\n"


def test_a_reply_counts_the_bytes_of_both_directions(tmp_path: Path) -> None:
    (tmp_path / "events").touch()
    asked: list[bytes] = []

    def answer_twice() -> None:
        line, _ = server.accept()
        with line:
            for _ in range(2):
                asked.append(line.recv(65536))
                line.sendall(ANSWER)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_twice, daemon=True).start()
        connection = Connection(server.getsockname()[1])
        events, request = EventWriter(str(tmp_path)), Request("GET", "/reports?month=3")
        replies = [connection.ask(request, events, lambda _: None) for _ in range(2)]
        connection.close()
    assert [reply.body for reply in replies] == [b"lamp", b"lamp"]
    assert [reply.bytes for reply in replies] == [len(line) + len(ANSWER) for line in asked]
