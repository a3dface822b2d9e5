"""Plays a scenario: it runs `play(stage)` of scenario.py and reports how that ended.

It runs in the client's process, which runs no code of the demo.
"""

import contextlib
import http.client
import signal
import socket
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from quiz.runs.stage import wire
from quiz.runs.stage.probe.writer import describe
from quiz.runs.stage.programs.broker import BrokerError
from quiz.runs.stage.scenario import Stage
from quiz.runs.stage.supervisor_link import ScenarioError, SupervisorLink

SCENARIO = "scenario.py"
CLOSE = signal.SIGUSR1  # asks the client to close the connections of its open requests


def play(run: str, ask: Mapping[str, Any], control: socket.socket, replies: BinaryIO) -> None:
    """Run the scenario of `ask`; `run` is the run's folder, `control` the socket to the supervisor.

    Reports `done`, or `broken` with a message for the learner.
    """
    link = SupervisorLink(control, replies)
    stage = Stage(run, ask, link)
    signal.signal(CLOSE, lambda *_: stage.hang_up())
    namespace: dict[str, Any] = {"__name__": "scenario", "__file__": SCENARIO}
    try:
        exec(compile(ask[wire.SCENARIO], SCENARIO, "exec"), namespace)
        function: Callable[[Stage], None] = namespace["play"]
        function(stage)
    except Exception as error:
        link.send({wire.BROKEN: _describe_failure(error, stage._last_step)})
    else:
        link.send({wire.DONE: True})


def rehearse() -> None:
    """Run the code that every scenario runs, so that its pages are copied before a run starts."""
    exec(compile("def play(stage):\n    stage.serve()\n", SCENARIO, "exec"), {})
    wire.pack({wire.ZERO: 0})
    ours, theirs = socket.socketpair()
    with ours, theirs, contextlib.suppress(http.client.HTTPException):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = ours
        connection.request("POST", "/", body=b"{}")
        theirs.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        connection.getresponse().read()


def _describe_failure(error: Exception, step: str) -> str:
    """The error, with its line in scenario.py and the step in which it was raised."""
    is_ours = isinstance(error, ScenarioError | BrokerError)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == SCENARIO]
    line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
    place = f"{SCENARIO}, line {line}" if line else SCENARIO
    during = f", in the step {step!r}" if step else ""
    return f"{place}{during}: {str(error) if is_ours else describe(error)}"
