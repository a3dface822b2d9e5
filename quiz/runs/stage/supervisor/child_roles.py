"""The roles of the children that a supervisor forks ahead: client, web server, command, program.

A child receives its assignment and has one role until it ends.
"""

import socket
from typing import Any, BinaryIO

from quiz.runs.stage import player, wire
from quiz.runs.stage.programs import command, server


def play(assignment: dict[str, Any], control: socket.socket, lines: BinaryIO) -> None:
    player.play(assignment[wire.FOLDER], assignment[wire.ASK], control, lines)


def serve(assignment: dict[str, Any], control: socket.socket, lines: BinaryIO) -> None:
    lines.close()
    control.close()
    server.serve(assignment[wire.FOLDER], assignment[wire.APP], assignment[wire.OPTIONS])


def call(assignment: dict[str, Any], control: socket.socket, lines: BinaryIO) -> None:
    lines.close()
    control.close()
    command.call(assignment[wire.FOLDER], assignment[wire.ARGV])


def execute(assignment: dict[str, Any], _control: socket.socket, _lines: BinaryIO) -> None:
    command.execute(**assignment[wire.PROGRAM])
