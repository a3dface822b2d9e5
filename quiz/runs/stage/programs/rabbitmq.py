"""The RabbitMQ of a run: one node, with its files in the run's folder, on free loopback ports.

https://www.rabbitmq.com/docs/configure describes the settings.
"""

import contextlib
import os
import secrets
import socket
from pathlib import Path

from quiz.runs.stage.programs.broker import Ask, Broker, Launch, free_port, private_file

NODE = "rabbit@localhost"
USER = "run"
# The protocol header of AMQP 0-9-1. A broker that accepts connections answers it at once.
HELLO = b"AMQP\x00\x00\x09\x01"


class RabbitMQ(Broker):
    """It starts in about three seconds, much later on a busy machine."""

    name = "RabbitMQ"
    start_seconds = 40.0
    look_seconds = 0.02

    def __init__(self, folder: Path, ask: Ask, *, server: str) -> None:
        super().__init__(folder, ask)
        self._server = server
        self._node_port, self._names_port = free_port(), free_port()

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self.port}//"

    def _launch(self) -> Launch:
        plugins = self._folder / "enabled_plugins"
        plugins.write_text("[].\n")
        # A new node has this user only, and no user "guest".
        user = f"default_user = {USER}\ndefault_pass = {self._password}\n"
        private_file(self._folder / "rabbitmq.conf", user)
        # The cookie allows its holder to run code in the node. Erlang's generated cookie is short.
        cookie = Path(os.environ["HOME"]) / ".erlang.cookie"
        if not cookie.exists():
            private_file(cookie, secrets.token_hex(32)).chmod(0o400)
        node_port = str(self._node_port)
        argv = [
            self._server,
            "-noinput",
            # A single node needs no epmd, which all nodes of a machine share. An epmd outlives its
            # node. Only at this place do the flags keep the node from starting one.
            *("-sname", NODE, "-start_epmd", "false", "-erl_epmd_port", node_port),
            *("-kernel", "inet_dist_listen_min", node_port, "inet_dist_listen_max", node_port),
            *("-kernel", "inet_dist_use_interface", "{127,0,0,1}"),
        ]
        return Launch(argv, "rabbitmq", self._environ(plugins), str(self._folder / "printed"))

    def _environ(self, plugins: Path) -> dict[str, str]:
        folder = self._folder
        return {
            # The script then executes the node, instead of waiting for it as its parent.
            "RABBITMQ_ALLOW_INPUT": "true",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._node_port),
            # No epmd listens there. One on the usual port would register this node.
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOG": "error",
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "feature_flags"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            # None of these files exists. The settings of the machine's own node do not apply here.
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        }

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as line,
        ):
            line.sendall(HELLO)
            return line.recv(1) != b""
        return False
