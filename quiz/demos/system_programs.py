"""Programs that demos may need besides an environment: their folders and how to install them.

Knows no demos and no runs.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """`folders` are searched before PATH. `start_seconds` is the time that a start takes."""

    title: str
    folders: tuple[str, ...]
    debian: str
    homebrew: str
    start_seconds: float

    @property
    def command(self) -> str:
        """The command that installs the program on this system."""
        if sys.platform == "darwin":
            return f"brew install {self.homebrew}"
        command = f"apt-get install --no-install-recommends {self.debian}"
        return command if os.geteuid() == 0 else f"sudo {command}"


PROGRAMS: dict[str, Program] = {
    "rabbitmq-server": Program(
        title="RabbitMQ",
        # Debian's /usr/sbin/rabbitmq-server switches to the user of the system's node.
        folders=("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"),
        debian="rabbitmq-server",
        homebrew="rabbitmq",
        start_seconds=4.0,
    ),
}


def find(name: str) -> str | None:
    """The path of the program; None if it is not installed."""
    path = os.pathsep.join([*PROGRAMS[name].folders, os.environ.get("PATH", os.defpath)])
    return shutil.which(name, path=path)


def missing(names: Iterable[str]) -> str | None:
    """Which program is not installed, and the command for it; None if all are installed."""
    for name in names:
        if find(name) is None:
            program = PROGRAMS[name]
            return f"{program.title} is not installed here. Type: {program.command}"
    return None
