"""What the client and the operator do in a run: the API that a demo's `scenario.py` plays with.

It runs in a process of its own. It asks the owner for processes and for news of events; it runs no
demo code. A scenario waits for conditions with a bound, since lost work never ends.
"""

import contextlib
import http.client
import json as json_module
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from quiz.runs.stage import wire
from quiz.runs.stage.client import Asking, Connection, Pending, Reply, Request, acting
from quiz.runs.stage.memory import Watching
from quiz.runs.stage.probe.probe import WORK, Probe, describe
from quiz.runs.stage.programs.broker import Broker, BrokerError, Valkey, free_port, listens
from quiz.runs.stage.programs.rabbitmq import RabbitMQ

LOOK_AGAIN_SECONDS = 0.02
READY_SECONDS = 10.0
MOST_FACT_BYTES, MOST_STEP_CHARACTERS = 3000, 200
CLOSE = signal.SIGUSR1  # asks the client to close the connection of the request that is open


class ScenarioError(Exception):
    """The scenario could not be played; the message is shown to the learner."""


@dataclass(frozen=True)
class Web:
    """A web server of the run."""

    pid: int
    port: int


@dataclass(frozen=True)
class Worker:
    """A worker, a scheduler, a monitor: a command of a library."""

    pid: int


class Stage:
    """All that a scenario may do. Times are seconds."""

    def __init__(
        self, run: str, ask: Mapping[str, Any], control: socket.socket, replies: BinaryIO
    ) -> None:
        self.parameters: Mapping[str, float] = ask["parameters"]
        self.variant: str = ask["variant"]
        self._app: str = ask["app"]
        self._curves: list[str] = ask["curves"]
        self._programs: Mapping[str, str] = ask["programs"]
        self._control = control
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._replies = replies
        self._folder = Path(run) / WORK
        self._probe = Probe(run)
        self._web: Web | None = None
        self._zero = False
        self._connections: list[Connection] = []
        self.redis_url = ""
        self._last_step = ""

    # What the operator does.

    def serve(self, app: str | None = None, **options: Any) -> Web:
        """Start uvicorn with the variant's app (or another "module:attribute").

        It takes requests when this returns.
        """
        answer = self._ask({"serve": app or self._app, "options": options})
        web = Web(answer["pid"], answer["port"])
        self._web = self._web or web
        return web

    def broker(self, *, append_only: bool = False) -> Valkey:
        """A Valkey of the run's own, up when this returns; programs find it in REDIS_URL."""
        server = self._programs.get("redis-server")
        folder = self._folder.parent / "broker"
        broker = Valkey(folder, self._ask, append_only=append_only, server=server)
        broker.start()
        self.redis_url = broker.url
        self.environ(REDIS_URL=broker.url)
        return broker

    def rabbitmq(self) -> RabbitMQ:
        """A RabbitMQ of the run's own, up when this returns; programs find it in AMQP_URL.

        The variant's `needs` must name rabbitmq-server.
        """
        server = self._programs.get("rabbitmq-server")
        if server is None:
            raise ScenarioError("This variant says nowhere that it `needs: [rabbitmq-server]`.")
        broker = RabbitMQ(self._folder.parent / "rabbitmq", self._ask, server=server)
        broker.start()
        self.environ(AMQP_URL=broker.url)
        return broker

    def environ(self, **variables: str) -> None:
        """What the programs that are started from now on find in their environment."""
        self._tell({"environ": variables})

    def start(self, *argv: str, ready: bool = True) -> Worker:
        """A library's command, as its documentation starts it: `"rq", "worker", …`.

        It takes jobs when this returns; not so with `ready=False`, for what takes none.
        """
        worker = Worker(self._ask({"command": list(argv), "works": ready})["pid"])
        if ready:
            answer = self._ask({"ready": worker.pid, "seconds": READY_SECONDS})
            if not answer.get("met", True):
                raise ScenarioError(
                    f"`{' '.join(argv)}` did not say within {READY_SECONDS:g} s that it takes "
                    "jobs. If it takes none, start it with ready=False."
                )
        return worker

    def pages(self, title: str, *argv: str) -> Web:
        """A command with pages of its own, which are linked while the run lasts.

        `{port}` in a word is its port on loopback. It answers when this returns.
        """
        port = free_port()
        program = self.start(*(word.format(port=port) for word in argv), ready=False)
        while not listens(port):
            if self.gone(program, seconds=LOOK_AGAIN_SECONDS):
                raise ScenarioError(f"{title} ended before it answered: see its output.")
        self._tell({"pages": {"title": title, "port": port}})
        return Web(program.pid, port)

    def signal(self, process: Web | Worker, number: int = signal.SIGTERM) -> None:
        """Send a real signal to a process of the run."""
        self._ask({"signal": process.pid, "number": number})

    def kill(self, process: Web | Worker) -> None:
        self.signal(process, signal.SIGKILL)

    # What the client does.

    def connect(self, web: Web | None = None) -> Connection:
        """A keep-alive connection of its own."""
        web = web or self._web
        if web is None:
            raise ScenarioError(
                "The scenario asks before it has started a server: call serve() first."
            )
        connection = Connection(web.port)
        self._connections.append(connection)
        return connection

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        connection: Connection | None = None,
    ) -> Reply:
        """Ask and wait for the whole answer. The first request of a run is its zero."""
        headers = dict(headers or {})
        if json is not None:
            body = json_module.dumps(json).encode()
            headers["content-type"] = "application/json"
        used = connection or self.connect()
        try:
            return used.ask(Request(method, path, body, headers), self._probe, self._before)
        finally:
            if connection is None:
                used.close()

    def hang_up(self) -> None:
        """Close the connections of the requests that are open now."""
        for connection in self._connections:
            connection.hang_up()

    def get(self, path: str, **more: Any) -> Reply:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Reply:
        return self.request("POST", path, **more)

    def send(self, method: str, path: str, **more: Any) -> Pending:
        """Ask without waiting: the request is made in a thread of the client."""
        return Pending(lambda: self.request(method, path, **more))

    def keep_asking(self, path: str, curve: str, *, every: float = 0.1) -> Asking:
        """Another client asks again and again until told to `stop()`.

        How long each answer took is a point of the curve, at the instant of asking (ms).
        """
        return Asking(
            self.connect(), path, every, lambda ms, at_ns: self.sample(curve, ms, at_ns=at_ns)
        )

    @contextlib.contextmanager
    def client(self, name: str) -> Iterator[None]:
        """What the client does with a library of its own, drawn like a request."""
        with acting(name, self._probe, self._before):
            yield

    def watch_memory(self, web: Web, curve: str) -> Watching:
        """What a web server holds in memory (MB) becomes a curve, until told to `stop()`."""
        return Watching(web.pid, lambda megabytes: self.sample(curve, megabytes))

    def pause(self, seconds: float) -> None:
        """Let time pass between two actions of the client."""
        time.sleep(seconds)

    # What is waited for.

    def until(self, event: str, name: str, *, count: int = 1, seconds: float = 10.0) -> bool:
        """Wait for the n-th such event; False when the bound passed first."""
        wanted = {"until": event, "name": name, "count": count, "seconds": seconds}
        return bool(self._ask(wanted)["met"])

    def where(self, event: str, name: str) -> Worker:
        """The process in which the last such event was: the one that does the work, say."""
        pid, _ = self._last(event, name)
        return Worker(pid)

    def when(self, event: str, name: str) -> float:
        """The instant of the last such event, in seconds: what matters is how far two lie apart."""
        _, at_ns = self._last(event, name)
        return at_ns / 1e9

    def gone(self, process: Web | Worker | Broker, *, seconds: float = 10.0) -> bool:
        """Wait until a process has ended, however it did; False when the bound passed first."""
        return bool(self._ask({"gone": process.pid, "seconds": seconds})["met"])

    def settle(self, seconds: float = 20.0) -> bool:
        """Wait until every request has ended, its background tasks included.

        False when the bound passed first.
        """
        return bool(self._ask({"settle": seconds})["met"])

    # What is said.

    def zero(self) -> None:
        """Mark zero here, not at the first request."""
        self._before(time.monotonic_ns())

    def step(self, text: str) -> None:
        """Say in a sentence what happens now; shown while the run lasts."""
        self._last_step = text[:MOST_STEP_CHARACTERS]
        self._tell({"step": self._last_step})

    def fact(self, name: str, value: object, *, title: str, unit: str = "") -> None:
        """Add a fact of this demo's own: `extra.<name>` in claims.

        Raises ScenarioError where its value is too long to be passed on.
        """
        size = len(wire.pack({"value": value}))
        if size > MOST_FACT_BYTES:
            raise ScenarioError(
                f"The fact {name} has {size:,} bytes as JSON. Keep it below {MOST_FACT_BYTES:,}."
            )
        self._tell({"fact": {"name": name, "value": value, "title": title, "unit": unit}})

    def sample(self, name: str, value: float, *, at_ns: int = 0) -> None:
        """Add a point to a curve, which has a lane of its own; at now, or when it is said to be."""
        if name not in self._curves:
            raise ScenarioError(f"{name} is not declared under curves: in demo.yaml.")
        self._tell({"sample": [name, at_ns or time.monotonic_ns(), value]})

    def read(self, file: str) -> str | None:
        """A file of the run's folder, None when there is none."""
        path = self._folder / file
        return path.read_text() if path.exists() else None

    def _last(self, event: str, name: str) -> tuple[int, int]:
        last = self._ask({"last": event, "name": name})["last"]
        if last is None:
            raise ScenarioError(f"{name} has not {event} anywhere yet.")
        pid, at_ns = last
        return pid, at_ns

    def _before(self, t: int) -> None:
        with self._lock:
            if self._zero:
                return
            self._zero = True
        self._tell({"zero": t})

    def _tell(self, message: dict[str, Any]) -> None:
        with self._telling:
            self._control.sendall(wire.pack(message))

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        self._tell(message)
        line = self._replies.readline()
        answer: dict[str, Any] = json_module.loads(line) if line else {"error": "The run is over."}
        if "error" in answer:
            raise ScenarioError(answer["error"])
        return answer


def rehearse() -> None:
    """Go through the motions once, with nobody to talk to."""
    exec(compile("def play(stage):\n    stage.serve()\n", "scenario.py", "exec"), {})
    wire.pack({"zero": 0})
    ours, theirs = socket.socketpair()
    with ours, theirs, contextlib.suppress(http.client.HTTPException):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = ours
        connection.request("POST", "/", body=b"{}")
        theirs.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        connection.getresponse().read()


def _failure(error: Exception, step: str) -> str:
    """The error with its line in scenario.py and the step that the scenario was in."""
    ours = isinstance(error, ScenarioError | BrokerError)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "scenario.py"]
    line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
    place = f"scenario.py, line {line}" if line else "scenario.py"
    during = f", in the step {step!r}" if step else ""
    return f"{place}{during}: {str(error) if ours else describe(error)}"


def play(run: str, ask: Mapping[str, Any], control: socket.socket, replies: BinaryIO) -> None:
    """Play the scenario to its end and tell the owner how it went."""
    stage = Stage(run, ask, control, replies)
    signal.signal(CLOSE, lambda *_: stage.hang_up())
    namespace: dict[str, Any] = {"__name__": "scenario", "__file__": "scenario.py"}
    try:
        exec(compile(ask["scenario"], "scenario.py", "exec"), namespace)
        scene: Callable[[Stage], None] = namespace["play"]
        scene(stage)
    except Exception as error:
        control.sendall(wire.pack({"broken": _failure(error, stage._last_step)}))
    else:
        control.sendall(wire.pack({"done": True}))
