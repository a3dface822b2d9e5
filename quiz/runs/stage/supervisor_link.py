"""The scenario's link to its supervisor: messages, and questions with an answer."""

import json
import socket
import threading
from typing import Any, BinaryIO

from quiz.runs.stage import wire

RUN_IS_OVER = "The run is over."


class ScenarioError(Exception):
    """The scenario cannot continue. Learners see the message."""


class SupervisorLink:
    """Any thread of the client may send. Only the main thread asks."""

    def __init__(self, control: socket.socket, replies: BinaryIO) -> None:
        self._control = control
        self._replies = replies
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._control.sendall(wire.pack(message))

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for the answer. Raises ScenarioError."""
        self.send(message)
        line = self._replies.readline()
        answer: dict[str, Any] = json.loads(line) if line else {wire.ERROR: RUN_IS_OVER}
        if wire.ERROR in answer:
            raise ScenarioError(answer[wire.ERROR])
        return answer
