"""`quiz serve` as a process: it prints its address, stops on request, and leaves nothing."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Served:
    """A server on a free port, once it has said that it is there."""

    def __init__(self, data: Path, *flags: str) -> None:
        command = [sys.executable, "-m", "quiz", "serve", "--port=0", f"--data={data}", *flags]
        environ = {name: v for name, v in os.environ.items() if name not in ("QUIZ_PORT",)}
        self.process = subprocess.Popen(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ
        )
        self.said = ""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if line == "Stop it with Ctrl+C.\n":
                break
        assert "Stop it" in self.said, self.said

    @property
    def port(self) -> int:
        found = re.search(r"After Response is at http://127\.0\.0\.1:(\d+)\n", self.said)
        assert found, self.said
        return int(found[1])

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """The exit status of the server, and how long it took to stop."""
        begun = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(10)
        return status, time.monotonic() - begun


@contextmanager
def served(data: Path, *flags: str) -> Iterator[Served]:
    server = Served(data, *flags)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def get(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
        return str(reply.read().decode())


def test_the_server_listens_on_the_printed_address(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        assert "After Response" in get(server.port)
        assert get(server.port, "/healthz")


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)]
)
def test_the_server_stops_soon_with_an_open_stream(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    with served(tmp_path) as server:
        body = b'{"parameters": {"task_a_seconds": 5}}'
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/sandbox/task_order/runs", body, headers
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            location = reply.headers["Location"]
        url = f"http://127.0.0.1:{server.port}{location}/events"
        with urllib.request.urlopen(url, timeout=30) as stream:
            assert stream.readline()
            ended, seconds = server.end(number)
    assert ended == status
    assert seconds < 2.5


def test_the_network_address_and_the_code_are_printed(tmp_path: Path) -> None:
    with served(tmp_path, "--host=0.0.0.0", "--code=otter") as server:
        assert re.search(r"On this network: http://[\w.-]+:\d+\n", server.said)
        assert "Visitors are asked for the word: otter\n" in server.said


def test_the_secret_is_printed_and_a_code_in_the_arguments_gets_a_warning(
    tmp_path: Path,
) -> None:
    with served(tmp_path, "--class", "--code=otter") as server:
        (secret,) = re.findall(r"teacher's secret, asked for at /teacher: (\S{12})\n", server.said)
        assert "QUIZ_CODE=WORD hides it" in server.said
    with served(tmp_path, "--class") as server:
        assert secret not in server.said
        assert "/code" not in server.said


def test_a_second_server_on_the_same_port_is_refused_and_the_first_continues(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as server:
        command = [sys.executable, "-m", "quiz", f"--port={server.port}", f"--data={tmp_path}"]
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.startswith(f"quiz: Port {server.port} is taken on 127.0.0.1. ")
        assert get(server.port, "/healthz")
