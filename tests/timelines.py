"""Example timelines, written event by event, for the tests of the figure."""

from collections.abc import Callable, Sequence
from typing import Any

from quiz.timeline import Curve, Event, Timeline

Waits = Sequence[tuple[float, float | None]]


class Script:
    """Writes events as the probe, the recorder and the client of a run would."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._serial = 0

    def event(self, at: float, event: str, name: str, **more: Any) -> None:
        lane, process = more.pop("lane", "event loop"), more.pop("process", 10)
        thread = more.pop("thread", "MainThread" if lane == "event loop" else lane)
        number = len(self.events) + 1
        self.events.append(Event(number, at, name, event, lane, process, thread, more))

    def serial(self) -> str:
        self._serial += 1
        return f"10-{self._serial}"

    def request(
        self, name: str, asked: float, sent: float | None, had: float | None, **more: Any
    ) -> None:
        """`sent` and `had` are None where the server, the client never got so far."""
        call, port, status = self.serial(), 4000 + self._serial, more.get("status", 200)
        client = {"lane": "client", "process": 9, "call": call}
        self.event(asked, "started", name, port=port, nth=1, **client)
        self.event(asked + 0.2, "received", name, request=call, port=port, nth=1)
        if sent is not None:
            self.event(sent, "responded", name, request=call, status=status, more=False)
        if had is not None:
            self.event(had, "succeeded", name, status=status, **client)
        elif "error" in more:
            self.event(more["at"], "failed", name, error=more["error"], **client)

    def call(
        self, name: str, start: float, end: float | None, waits: Waits = (), **more: Any
    ) -> str:
        """`waits`: when it is suspended; `end` is None where it does not end."""
        call = self.serial()
        ended, error = more.pop("ended", "succeeded"), more.pop("error", None)
        where = {k: more[k] for k in ("lane", "process", "thread") if k in more}
        if (queued := more.pop("queued", None)) is not None:
            self.event(queued, "enqueued", name, queue=call)
            more["queue"] = call
        self.event(start, "started", name, call=call, file="demo.py", line=7, **more)
        for since, until in waits:
            self.event(since, "suspended", name, call=call, **where)
            if until is not None:
                self.event(until, "resumed", name, call=call, **where)
        if end is not None:
            told = {"error": error, "raised": True} if error else {}
            self.event(end, ended, name, call=call, **told, **where)
        return call

    def task(self, name: str, start: float, end: float | None, **more: Any) -> str:
        """A background task that awaits all its time."""
        last = None if end is None else end - 0.05
        return self.call(name, start, end, [(start + 0.05, last)], background=True, **more)

    def program(self, name: str, process: int, start: float) -> None:
        lane = f"{name} {process}"
        self.event(start, "started", name, lane=lane, process=process, program=name)

    def build(self, functions: Sequence[str] = (), curves: Sequence[Curve] = ()) -> Timeline:
        return Timeline.build(self.events, functions=functions, curves=curves)


def one_by_one(sent: float = 6.0, a: float = 2000.0, b: float = 1000.0) -> Timeline:
    """Two tasks in one list."""
    script = Script()
    script.request("POST /items", 0.0, sent, sent + 0.3)
    script.call("create_item", sent * 0.3, sent * 0.8)
    for at, name in ((0.5, "task_a"), (0.6, "task_b")):
        script.event(sent * at, "scheduled", name)
    script.task("task_a", sent + 0.1, sent + 0.1 + a)
    script.task("task_b", sent + 0.3 + a, sent + 0.3 + a + b)
    return script.build(["create_item", "task_a", "task_b"])


def gathered() -> Timeline:
    script = Script()
    script.request("POST /items", 0.0, 5.2, 5.6)
    script.call("create_item", 2.0, 4.1)
    script.task("both_tasks", 5.3, 2006.0)
    script.task("task_a", 5.5, 2005.8)
    script.task("task_b", 5.6, 1005.9)
    return script.build()


def blocked() -> Timeline:
    """`time.sleep` in an async task: another request has to wait."""
    script = Script()
    script.request("POST /items", 0.0, 6.0, 6.4)
    script.call("create_item", 2.0, 5.0)
    script.call("write_log", 6.1, 1006.5, background=True)
    script.request("GET /ping", 300.0, 1008.0, 1008.4)
    script.call("ping", 1007.2, 1007.4)
    return script.build()


def failing() -> Timeline:
    """The second of three raises; the third never starts."""
    script = Script()
    script.request("POST /orders/42", 0.0, 7.4, 7.7)
    script.call("create_order", 2.5, 5.8)
    for at, name in ((4.0, "send_receipt"), (4.1, "notify_partner"), (4.2, "update_statistics")):
        script.event(at, "scheduled", name)
    script.task("send_receipt", 7.5, 308.0)
    error = "ValueError: the partner does not know order 42"
    script.task("notify_partner", 308.2, 509.0, ended="failed", error=error)
    return script.build(["create_order", "send_receipt", "notify_partner", "update_statistics"])


def pool() -> Timeline:
    """Eight requests with a blocking task each and four threads; then two other endpoints."""
    script = Script()
    script.call("lifespan", -60.0, 1600.0, [(-59.0, 1599.0)])
    for i in range(8):
        script.request("POST /reports", i * 0.8, 9.0 + i, 9.4 + i)
        script.call("create_report", 3.0 + i * 0.7, 3.4 + i * 0.7)
    for i in range(8):
        wave = i // 4 * 500.5
        thread: dict[str, Any] = {"lane": "thread pool", "thread": f"AnyIO worker thread {i % 4}"}
        queued = 9.2 + i
        start = queued + 0.3 + wave
        script.call("write_report", start, start + 500, background=True, queued=queued, **thread)
    script.request("GET /async", 24.0, 25.5, 25.9)
    script.call("async_ping", 25.0, 25.1)
    script.request("GET /sync", 23.0, 1014.0, 1014.4)
    script.call("sync_ping", 1013.2, 1013.3, queued=24.2, lane="thread pool", thread="AnyIO 1")
    return script.build()


def cut_off() -> Timeline:
    """The server is killed while a task waits; another was cancelled, a third retried."""
    script = Script()
    script.request("POST /items", 0.0, 40.0, 41.0)
    script.call("create_item", 10.0, 30.0)
    script.task("resize_image", 41.0, 240.0, ended="cancelled")
    script.task("send_mail", 242.0, None)
    script.event(700.0, "killed", "web", lane="web", signal="SIGKILL")
    script.request("GET /ping", 750.0, None, None, at=752.0, error="ConnectionRefusedError")
    return script.build()


def worker_killed(again: float = 12_000.0) -> Timeline:
    """A worker dies during its job; another is started, and is handed the job long after."""
    script = Script()
    first: dict[str, Any] = {"lane": "celery worker 21", "process": 21}
    second: dict[str, Any] = {"lane": "celery worker 22", "process": 22}
    script.program("valkey", 20, -300.0)
    script.program("celery worker", 21, -250.0)
    script.request("POST /orders", 0.0, 6.0, 6.4)
    script.call("create_order", 2.0, 5.0, lane="thread pool")
    script.event(4.0, "enqueued", "bill", lane="thread pool", queue="job")
    script.call("bill", 8.0, None, background=True, queue="job", **first)
    script.event(400.0, "killed", "celery worker", signal="SIGKILL", **first)
    script.program("celery worker", 22, 410.0)
    script.call("bill", again, again + 800.0, background=True, queue="job", **second)
    return script.build()


def measured() -> Timeline:
    """Another client asks all the time; it had to wait while the loop was blocked."""
    script = Script()
    script.request("POST /reports", 0.0, 6.0, 6.4)
    script.call("create_report", 2.0, 5.0)
    script.call("write_report", 7.0, 907.0, background=True)
    points = [(-20.0, 1.5), (80.0, 827.25), (910.0, 2.0), (1010.0, 1.0)]
    return script.build(curves=[Curve("ping_ms", "Latency of GET /ping", "ms", tuple(points))])


def going_on() -> Timeline:
    script = Script()
    script.request("POST /items", 0.0, 6.0, 6.3)
    script.call("create_item", 2.0, 5.0)
    script.task("task_a", 6.1, 1206.0)
    script.task("task_b", 1206.2, None)
    script.events.pop()  # it has only just begun to wait
    return script.build()


def two_processes() -> Timeline:
    script = Script()
    for number, process in enumerate((10, 11)):
        at = number * 30.0
        script.request("POST /items", at, at + 400, at + 401)
        script.call("create_item", at + 5, at + 399, [(at + 6, at + 398)], process=process)
    return script.build()


def long_names() -> Timeline:
    script = Script()
    script.request("POST /customers/42/subscriptions/monthly/renewal", 0.0, 1.0, 1.2)
    script.call("renew_the_monthly_subscription_of_a_customer", 0.3, 0.8)
    script.task("tell_the_accounting_department_about_it", 1.1, 900.0)
    error = "SubscriptionAlreadyRenewedError: 42"
    script.task("send_the_confirmation_mail", 900.2, 1900.0, ended="failed", error=error)
    script.task("x", 1900.1, 1900.4)
    return script.build()


CAST: dict[str, Callable[[], Timeline]] = {
    "one-by-one": one_by_one,
    "gathered": gathered,
    "blocked": blocked,
    "failing": failing,
    "pool": pool,
    "cut-off": cut_off,
    "two-processes": two_processes,
    "long-names": long_names,
    "worker-killed": worker_killed,
    "measured": measured,
    "1-ms-beside-2-s": lambda: one_by_one(sent=1.0, a=2000.0, b=1.0),
    "1-ms-beside-60-s": lambda: one_by_one(sent=1.0, a=60_000.0, b=1.0),
    "late": lambda: one_by_one(sent=800.0, a=500.0, b=300.0),
}
