"""Servers to measure, started as separate processes and stopped with their child processes."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from bench.figures import BenchError

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """The bench's own folder: data, run folders and compiled modules; gone at its end."""

    folder: Path

    def new(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    @property
    def environment(self) -> dict[str, str]:
        """Ours without what would make the figures another installation's."""
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("QUIZ_") or name == "QUIZ_CACHE"
        }
        # A warm start finds compiled modules, however this clone or its packages were installed.
        ours.pop("PYTHONDONTWRITEBYTECODE", None)
        ours["PYTHONPYCACHEPREFIX"] = str(self.folder / "compiled")
        return ours | {"TMPDIR": str(self.folder), "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def ask(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request on its own connection."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=START_SECONDS)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: object = None, prefer: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Prefer": prefer} if prefer else {})
        text = "" if body is None else json.dumps(body)
        status, answer = self.ask(method, path, text, headers)
        if status >= 300:
            raise BenchError(f"{method} {path} gave {status}: {answer[:300]!r}")
        found: dict[str, Any] = json.loads(answer)
        return found


@dataclass(frozen=True, slots=True)
class Served:
    address: Address
    process: psutil.Process
    began: float  # time.perf_counter() just before its process was started


@contextmanager
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Place(Path(folder))


@contextmanager
def quiz(at: Place, data: Path, **settings: str) -> Iterator[Served]:
    """The app, started with `quiz serve`."""
    command = ["-P", "-m", "quiz", "serve", "--port", "0", "--data", str(data)]
    with _started(command, at.environment | settings) as served:
        yield served


@contextmanager
def bare(at: Place, body: bytes) -> Iterator[Served]:
    """One route that returns these bytes, see bare.py."""
    file = at.new("bare") / "body"
    file.write_bytes(body)
    with _started(["-P", "-m", "bench.bare", str(file)], at.environment) as served:
        yield served


@contextmanager
def _started(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Served]:
    path = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**environment, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        yield Served(_address(process, process.stdout), psutil.Process(process.pid), began)
    finally:
        _stop(process)
        process.stdout.close()


def _address(process: "subprocess.Popen[str]", output: IO[str]) -> Address:
    """What it says of itself in its first line: `… http://HOST:PORT`."""
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        line = output.readline()
    finally:
        timer.cancel()
    host, _, port = line.strip().rpartition("http://")[2].rpartition(":")
    if not (host and port.isdigit()):
        raise BenchError(f"The server did not start: {line.strip() or 'see above'}")
    return Address(host, int(port))


def _stop(process: "subprocess.Popen[str]") -> None:
    """Stops each child process. A group signal misses a zygote, because it has its own session."""
    below: list[psutil.Process] = []
    if process.poll() is None:
        below = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(below, STOP_SECONDS)
    for left in alive:
        left.kill()
