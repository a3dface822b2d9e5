"""The API of a demo's `scenario.py`: what the operator and the client do in a run.

docs/authoring.md lists the public methods. Lost work never ends, so every wait has a bound.
"""

import contextlib
import json as json_module
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.client import Connection, Pending, Polling, Reply, Request, client_call
from quiz.runs.stage.memory import MemoryWatch
from quiz.runs.stage.probe.writer import WORK, EventWriter
from quiz.runs.stage.programs.broker import Broker, Valkey, free_port, listens
from quiz.runs.stage.programs.rabbitmq import RabbitMQ
from quiz.runs.stage.supervisor_link import ScenarioError, SupervisorLink

POLL_SECONDS = 0.02
READY_SECONDS = 10.0
MOST_FACT_BYTES, MOST_STEP_CHARACTERS = 3000, 200


@dataclass(frozen=True)
class Web:
    """A web server of the run, on a loopback port."""

    pid: int
    port: int


@dataclass(frozen=True)
class Worker:
    """A worker, a scheduler or a monitor: a command of a library."""

    pid: int


class Stage:
    """What a scenario can do. Times are in seconds. Failures raise ScenarioError."""

    def __init__(self, run: str, ask: Mapping[str, Any], link: SupervisorLink) -> None:
        self.parameters: Mapping[str, float] = ask[wire.PARAMETERS]
        self.variant: str = ask[wire.VARIANT]
        self.redis_url = ""
        self._app: str = ask[wire.APP]
        self._curves: list[str] = ask[wire.CURVES]
        self._programs: Mapping[str, str] = ask[wire.PROGRAMS]
        self._link = link
        self._folder = Path(run) / WORK
        self._events = EventWriter(run)
        self._web: Web | None = None
        self._zero_lock = threading.Lock()
        self._has_zero = False
        self._connections: list[Connection] = []
        self._last_step = ""

    # The operator: processes.

    def serve(self, app: str | None = None, **options: Any) -> Web:
        """Start uvicorn with the variant's app, or with another "module:attribute".

        The server accepts requests when this returns. `options` are those of `uvicorn.Config`.
        """
        answer = self._link.ask({wire.SERVE: app or self._app, wire.OPTIONS: options})
        web = Web(answer[wire.PID], answer[wire.PORT])
        self._web = self._web or web
        return web

    def broker(self, *, append_only: bool = False) -> Valkey:
        """Start the run's own Valkey and set REDIS_URL. It accepts commands when this returns."""
        folder = self._folder.parent / "broker"
        server = self._programs.get("redis-server")
        broker = Valkey(folder, self._link.ask, append_only=append_only, server=server)
        broker.start()
        self.redis_url = broker.url
        self.environ(REDIS_URL=broker.url)
        return broker

    def rabbitmq(self) -> RabbitMQ:
        """Start the run's own RabbitMQ and set AMQP_URL. It accepts connections when this returns.

        The variant's `needs` must name rabbitmq-server.
        """
        server = self._programs.get("rabbitmq-server")
        if server is None:
            raise ScenarioError("demo.yaml lacks `needs: [rabbitmq-server]` for this variant.")
        broker = RabbitMQ(self._folder.parent / "rabbitmq", self._link.ask, server=server)
        broker.start()
        self.environ(AMQP_URL=broker.url)
        return broker

    def environ(self, **variables: str) -> None:
        """Set environment variables for the programs that are started from now on."""
        self._link.send({wire.ENVIRON: variables})

    def start(self, *argv: str, ready: bool = True) -> Worker:
        """Start a library's command, such as `"rq", "worker"`. It takes jobs when this returns.

        With `ready=False`, for a program that takes no jobs, it does not wait.
        """
        answer = self._link.ask({wire.COMMAND: list(argv), wire.WORKS: ready})
        worker = Worker(answer[wire.PID])
        if ready:
            answer = self._link.ask({wire.READY: worker.pid, wire.SECONDS: READY_SECONDS})
            if not answer.get(wire.MET, True):
                raise ScenarioError(
                    f"`{' '.join(argv)}` did not say within {READY_SECONDS:g} s that it takes "
                    "jobs. If it takes none, start it with ready=False."
                )
        return worker

    def pages(self, title: str, *argv: str) -> Web:
        """Start a command that serves web pages. The run's page links to them while it lasts.

        `{port}` in a word becomes a free loopback port. The command answers when this returns.
        """
        port = free_port()
        program = self.start(*(word.format(port=port) for word in argv), ready=False)
        while not listens(port):
            if self.gone(program, seconds=POLL_SECONDS):
                raise ScenarioError(f"{title} ended before it answered: see its output.")
        self._link.send({wire.PAGES: {"title": title, "port": port}})
        return Web(program.pid, port)

    def signal(self, process: Web | Worker, number: int = signal.SIGTERM) -> None:
        """Send a signal to a process of the run."""
        self._link.ask({wire.SIGNAL: process.pid, wire.NUMBER: number})

    def kill(self, process: Web | Worker) -> None:
        """Send SIGKILL to a process of the run."""
        self.signal(process, signal.SIGKILL)

    # The client: requests.

    def connect(self, web: Web | None = None) -> Connection:
        """Open a keep-alive connection for several requests, to the first server by default."""
        web = web or self._web
        if web is None:
            raise ScenarioError(
                "The scenario sends a request before it has started a server: call serve() first."
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
        """Send a request and wait for the whole response. The first request is the run's zero."""
        headers = dict(headers or {})
        if json is not None:
            body = json_module.dumps(json).encode()
            headers["content-type"] = "application/json"
        used = connection or self.connect()
        try:
            return used.ask(Request(method, path, body, headers), self._events, self._zero_once)
        finally:
            if connection is None:
                used.close()

    def get(self, path: str, **more: Any) -> Reply:
        """Send a GET request, with the arguments of `request`."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Reply:
        """Send a POST request, with the arguments of `request`."""
        return self.request("POST", path, **more)

    def send(self, method: str, path: str, **more: Any) -> Pending:
        """Send a request in a thread, with the arguments of `request`; `reply()` waits for it."""
        return Pending(lambda: self.request(method, path, **more))

    def hang_up(self) -> None:
        """Close the connections of all requests that wait for a response."""
        for connection in self._connections:
            connection.hang_up()

    def keep_asking(self, path: str, curve: str, *, every: float = 0.1) -> Polling:
        """Send GET requests from another client until `stop()`.

        Each response time (ms) becomes a point of the curve, at the time of its request.
        """
        return Polling(
            self.connect(), path, every, lambda ms, at_ns: self.sample(curve, ms, at_ns=at_ns)
        )

    @contextlib.contextmanager
    def client(self, name: str) -> Iterator[None]:
        """Draw the body of a `with` like a request: a call of a library in the client."""
        with client_call(name, self._events, self._zero_once):
            yield

    def watch_memory(self, web: Web, curve: str) -> MemoryWatch:
        """Record the memory of a web server (MB) as a curve until `stop()`."""
        return MemoryWatch(web.pid, lambda megabytes: self.sample(curve, megabytes))

    def pause(self, seconds: float) -> None:
        """Wait between two actions of the client."""
        time.sleep(seconds)

    # Conditions, each with a bound.

    def until(self, event: str, name: str, *, count: int = 1, seconds: float = 10.0) -> bool:
        """Wait for the n-th such event of the function; False if the time is up first."""
        wait = {wire.UNTIL: event, wire.NAME: name, wire.COUNT: count, wire.SECONDS: seconds}
        return bool(self._link.ask(wait)[wire.MET])

    def gone(self, process: Web | Worker | Broker, *, seconds: float = 10.0) -> bool:
        """Wait until a process has ended; False if the time is up first."""
        wait = {wire.GONE: process.pid, wire.SECONDS: seconds}
        return bool(self._link.ask(wait)[wire.MET])

    def settle(self, seconds: float = 20.0) -> bool:
        """Wait until all requests and their background tasks have ended.

        False if the time is up first.
        """
        return bool(self._link.ask({wire.SETTLE: seconds})[wire.MET])

    def where(self, event: str, name: str) -> Worker:
        """Return the process that had the last such event of the function."""
        pid, _ = self._last(event, name)
        return Worker(pid)

    def when(self, event: str, name: str) -> float:
        """Return the time of the last such event, in seconds. Use it for differences only."""
        _, at_ns = self._last(event, name)
        return at_ns / 1e9

    # What the run's page shows.

    def zero(self) -> None:
        """Start the run's clock here instead of at the first request."""
        self._zero_once(time.monotonic_ns())

    def step(self, text: str) -> None:
        """Say in a sentence what happens now. The page shows it while the run lasts."""
        self._last_step = text[:MOST_STEP_CHARACTERS]
        self._link.send({wire.STEP: self._last_step})

    def fact(self, name: str, value: object, *, title: str, unit: str = "") -> None:
        """Add the fact `extra.NAME`, which `extra` in demo.yaml declares."""
        size = len(wire.pack({"value": value}))
        if size > MOST_FACT_BYTES:
            raise ScenarioError(
                f"The fact {name} has {size:,} bytes as JSON. Keep it below {MOST_FACT_BYTES:,}."
            )
        fact = {"name": name, "value": value, "title": title, "unit": unit}
        self._link.send({wire.FACT: fact})

    def sample(self, name: str, value: float, *, at_ns: int = 0) -> None:
        """Add a point to a curve, which `curves` in demo.yaml declares; at this time by default."""
        if name not in self._curves:
            raise ScenarioError(f"{name} is not declared under curves: in demo.yaml.")
        self._link.send({wire.SAMPLE: [name, at_ns or time.monotonic_ns(), value]})

    def read(self, file: str) -> str | None:
        """Return the text of a file in the run's folder, None if there is no such file."""
        path = self._folder / file
        return path.read_text() if path.exists() else None

    def _last(self, event: str, name: str) -> tuple[int, int]:
        last = self._link.ask({wire.LAST: event, wire.NAME: name})[wire.LAST]
        if last is None:
            raise ScenarioError(
                f"There is no event {event} of {name} yet: wait for it with until()."
            )
        pid, at_ns = last
        return pid, at_ns

    def _zero_once(self, t: int) -> None:
        with self._zero_lock:
            if self._has_zero:
                return
            self._has_zero = True
        self._link.send({wire.ZERO: t})
