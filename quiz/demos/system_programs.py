"""Programs that a demo may need beside its environment: where they lie, what installs them.

The one place that knows them; knows nothing of demos or runs.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """`folders` are looked into before those of PATH; `start_seconds` is what it takes to start."""

    title: str
    folders: tuple[str, ...]
    debian: str
    homebrew: str
    start_seconds: float

    @property
    def command(self) -> str:
        """What installs it here."""
        if sys.platform == "darwin":
            return f"brew install {self.homebrew}"
        command = f"apt-get install --no-install-recommends {self.debian}"
        return command if os.geteuid() == 0 else f"sudo {command}"


PROGRAMS: dict[str, Program] = {
    "rabbitmq-server": Program(
        title="RabbitMQ",
        # Debian's /usr/sbin/rabbitmq-server becomes the user of the system's own node first.
        folders=("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"),
        debian="rabbitmq-server",
        homebrew="rabbitmq",
        start_seconds=4.0,
    ),
}


def find(name: str) -> str | None:
    """Where the program lies; None where it is not installed."""
    path = os.pathsep.join([*PROGRAMS[name].folders, os.environ.get("PATH", os.defpath)])
    return shutil.which(name, path=path)


def missing(names: Iterable[str]) -> str | None:
    """Which of them is not installed, and the command that installs it; None where all are."""
    for name in names:
        if find(name) is None:
            program = PROGRAMS[name]
            return f"{program.title} is not installed here. Type: {program.command}"
    return None
