"""What those become that the owner hires ahead: each is given its order, and is that to its end."""

import socket
from typing import Any, BinaryIO

from quiz.runs.stage import scenario
from quiz.runs.stage.programs import command, server


def play(order: dict[str, Any], control: socket.socket, lines: BinaryIO) -> None:
    scenario.play(order["run"], order["ask"], control, lines)


def serve(order: dict[str, Any], line: socket.socket, lines: BinaryIO) -> None:
    lines.close()
    line.close()
    server.serve(order["run"], order["app"], order["options"])


def call(order: dict[str, Any], line: socket.socket, lines: BinaryIO) -> None:
    lines.close()
    line.close()
    command.call(order["run"], order["argv"])


def execute(order: dict[str, Any], _line: socket.socket, _lines: BinaryIO) -> None:
    command.execute(**order["program"])
