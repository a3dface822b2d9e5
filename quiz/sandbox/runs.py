"""The runs of this server: asked for, queued, played, ended, looked up again.

It owns the live events and the zygotes. Rows and finished records are kept by a `RunStore` that it
is given; of pages, learners' answers and questions it knows nothing.
"""

import asyncio
import contextlib
import difflib
import logging
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from quiz.demo import Demo, ParameterError, Variant
from quiz.discovery import QuizError
from quiz.sandbox import records
from quiz.sandbox.environments import Environments
from quiz.sandbox.estimate import waiting_seconds
from quiz.sandbox.run import Run
from quiz.sandbox.zygotes import Zygote
from quiz.settings import Settings
from quiz.timeline import Event

logger = logging.getLogger("quiz.sandbox")
ALWAYS_WARM = "current"
IDLE_SECONDS = 300.0
REDRAW_SECONDS = 0.1
FINISHED_IN_MEMORY = 50
_ASKED = ("id", "demo", "variant", "environment", "parameters", "seconds", "memory_mb")
_COLUMNS = (*_ASKED, "status", "learner", "created")


class RunStore(Protocol):
    """What is kept of runs beyond this process."""

    async def add_run(self, record: Mapping[str, Any]) -> None: ...
    async def update_run(self, id: str, **columns: Any) -> None: ...
    def run(self, id: str) -> Mapping[str, Any] | None: ...
    def unfinished_runs(self) -> list[Mapping[str, Any]]: ...
    async def evict_runs(self, keep: int) -> int: ...


class UnknownDemo(QuizError):
    """No demo of that name."""


class UnknownRun(QuizError):
    """No run of that id was ever here."""


class Evicted(QuizError):
    """The run was here; its record made room for newer ones."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__("This run is no longer kept. Run it again.")
        self.row = row


class QueueFull(QuizError):
    """Too many wait already."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many runs are waiting. Try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(QuizError):
    """It cannot run here; the message names the command that mends it."""


class Runs:
    def __init__(
        self,
        settings: Settings,
        store: RunStore,
        demos: Callable[[], Mapping[str, Demo]],
        environments: Environments,
    ) -> None:
        self._settings = settings
        self._store = store
        self._demos = demos
        self._environments = environments
        self._live: dict[str, Run] = {}
        self._early: dict[str, list[dict[str, Any]]] = {}
        self._finished: deque[str] = deque()
        self._queue: deque[str] = deque()
        self._running: set[str] = set()
        self._active: dict[str, str] = {}  # learner -> their run
        self._zygotes: dict[str, Zygote] = {}
        self._warming: dict[str, asyncio.Lock] = {}
        self._idle: dict[str, asyncio.TimerHandle] = {}
        self._changed: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()

    # Asked for.

    async def start(
        self,
        demo: str,
        variant: str | None = None,
        environment: str | None = None,
        parameters: Mapping[str, object] | None = None,
        *,
        learner: str | None = None,
    ) -> Run:
        """Run it now, or queue it. A learner with an active run gets that one.

        Raises UnknownDemo, ParameterError (naming `variant`, `environment` or a parameter),
        Unavailable, QueueFull.
        """
        if active := self.active(learner):
            return active
        found = self._demo(demo)
        chosen = _chosen(found, variant)
        where = _environment(chosen, environment)
        values = found.values(chosen.name, parameters or {})
        if reason := self._environments.needs(where):
            raise Unavailable(reason)
        if len(self._queue) >= self._settings.queue_length:
            raise QueueFull(max(1, round(self._wait_of(len(self._queue)))))
        run = Run(
            id=secrets.token_hex(8),
            demo=demo,
            variant=chosen.name,
            environment=where,
            parameters=values,
            seconds=chosen.seconds,
            memory_mb=found.memory_mb,
            created=datetime.now(UTC),
            source=found.source(chosen.name, values),
            functions=tuple(found.functions(chosen.name)),
            learner=learner,
        )
        self._live[run.id] = run
        self._changed[run.id] = asyncio.Event()
        if learner:
            self._active[learner] = run.id
        self._queue.append(run.id)
        self._admit()
        # The row is written while the run already starts.
        await self._store.add_run(_row(run))
        return run

    def active(self, learner: str | None) -> Run | None:
        """The learner's run that is queued or running."""
        return self._live.get(self._active.get(learner or "", ""))

    def would_queue(self, demo: str) -> bool:
        """Whether a run of it would have to wait now."""
        return bool(self._queue) or not self._fits(self._demo(demo).memory_mb)

    def get(self, id: str) -> Run:
        """A run, live or kept. Raises UnknownRun or Evicted."""
        if run := self._live.get(id):
            return run
        row = self._store.run(id)
        if row is None:
            raise UnknownRun(f"There is no run {id!r}.")
        if not row["record"]:
            raise Evicted(row)
        return records.load(row["record"])

    async def wait(self, id: str, seconds: float) -> Run:
        """The run when it is over, or as it is after that time."""
        run = self.get(id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not run.is_over and not self._stopping.is_set():
                    await self._change(run.id)
        return run

    async def watch(self, id: str) -> AsyncIterator[Run]:
        """The run each time something was added, at most ten times a second.

        The last one is over or the server stops.
        """
        run = self.get(id)
        while True:
            seen = run.revision
            yield run
            if run.is_over or self._stopping.is_set():
                return
            await asyncio.sleep(REDRAW_SECONDS)
            while run.revision == seen and not self._stopping.is_set():
                await self._change(run.id)

    async def cancel(self, id: str) -> Run:
        """End it; one that is over stays as it ended."""
        run = self.get(id)
        if run.status == "queued":
            # It waits for its turn, or for its environment.
            if run.id in self._queue:
                self._queue.remove(run.id)
            await self._end(run, {"status": "cancelled", "reason": "It was cancelled."})
        elif not run.is_over and (zygote := self._zygotes.get(run.environment)):
            zygote.ask({"ask": "cancel", "id": run.id})
            await self.wait(id, 5.0)
        return run

    # The server's life.

    async def open(self) -> None:
        """Mark the runs that an earlier server lost, and warm the usual environment."""
        for row in self._store.unfinished_runs():
            await self._store.update_run(
                row["id"], status="failed", ended=datetime.now(UTC), record=_lost(row)
            )
        if self._environments.ready(ALWAYS_WARM):
            self._spawn(self._warm(ALWAYS_WARM))

    async def close(self) -> None:
        """End all runs and zygotes; nothing of them is left when it returns."""
        self._stopping.set()
        for event in self._changed.values():
            event.set()
        self._queue.clear()
        for handle in self._idle.values():
            handle.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(zygote.stop() for zygote in self._zygotes.values()))
        reason = "The server was stopped while it ran."
        for run in [run for run in self._live.values() if not run.is_over]:
            await self._end(run, {"status": "failed", "fault": "app", "reason": reason})

    # The queue.

    def _fits(self, memory_mb: int) -> bool:
        used = sum(self._live[id].memory_mb for id in self._running)
        return not self._running or used + memory_mb <= self._settings.memory_mb

    def _admit(self) -> None:
        while self._queue and self._fits(self._live[self._queue[0]].memory_mb):
            run = self._live[self._queue.popleft()]
            self._running.add(run.id)
            run.place = run.wait_seconds = None
            if run.environment in self._zygotes:
                self._ask(run)
            else:
                self._spawn(self._launch(run))
        for place, id in enumerate(self._queue, start=1):
            run = self._live[id]
            run.place, run.wait_seconds = place, self._wait_of(place - 1)
            self._touch(run)

    def _wait_of(self, ahead: int) -> float:
        now = datetime.now(UTC)
        running = [
            (run.memory_mb, max(0.0, run.seconds - (now - (run.started or now)).total_seconds()))
            for run in (self._live[id] for id in self._running)
        ]
        queued = [(self._live[id].memory_mb, self._live[id].seconds) for id in self._queue]
        return waiting_seconds(running, queued[:ahead], self._settings.memory_mb)

    async def _launch(self, run: Run) -> None:
        """The way to a zygote that is not there yet: build its environment, warm it."""
        try:
            await self._warm(run.environment, lambda text: self._step(run, text))
        except QuizError as error:
            await self._end(run, {"status": "failed", "fault": "app", "reason": str(error)})
        else:
            if not run.is_over:
                self._ask(run)

    def _ask(self, run: Run) -> None:
        limits = self._settings
        zygote = self._zygotes[run.environment]
        self._rest(run.environment, False)
        run.status, run.started, run.versions = "running", datetime.now(UTC), zygote.versions
        demo = self._demo(run.demo)
        zygote.ask(
            {
                "ask": "run",
                "id": run.id,
                "files": dict(run.source),
                "scenario": demo.scenario.read_text(),
                "app": f"{demo.variants[run.variant].files[0].removesuffix('.py')}:app",
                "variant": run.variant,
                "parameters": dict(run.parameters),
                "limits": {
                    "seconds": limits.run_seconds,
                    "memory_mb": limits.run_memory_mb,
                    "processes": limits.run_processes,
                    "events": limits.run_events,
                    "output_bytes": limits.run_output_bytes,
                },
            }
        )
        self._touch(run)

    # Zygotes.

    async def _warm(
        self, environment: str, progress: Callable[[str], None] = lambda _text: None
    ) -> None:
        async with self._warming.setdefault(environment, asyncio.Lock()):
            if environment in self._zygotes:
                return
            built = await self._environments.build(environment, progress)
            progress(f"Warming the environment {environment}.")
            zygote = await Zygote.start(built.python, self._hear, lambda: self._died(environment))
            self._zygotes[environment] = zygote
            self._rest(environment, True)

    def _died(self, environment: str) -> None:
        """All that it owned ended with it; the next run starts another."""
        logger.error("The zygote of %s died.", environment)
        self._zygotes.pop(environment, None)
        reason = "The process that plays the runs died. It is started again with the next run."
        for id in list(self._running):
            run = self._live[id]
            if run.environment == environment and run.status == "running":
                ended = {"status": "failed", "fault": "app", "reason": reason}
                self._spawn(self._end(run, ended))
        if environment == ALWAYS_WARM and not self._stopping.is_set():
            self._spawn(self._warm(environment))

    def _rest(self, environment: str, idle: bool) -> None:
        """An environment that is rarely asked for gives its memory back after a while."""
        if handle := self._idle.pop(environment, None):
            handle.cancel()
        if idle and environment != ALWAYS_WARM:
            loop = asyncio.get_running_loop()
            self._idle[environment] = loop.call_later(
                IDLE_SECONDS, lambda: self._spawn(self._retire(environment))
            )

    async def _retire(self, environment: str) -> None:
        if zygote := self._zygotes.pop(environment, None):
            await zygote.stop()

    # What is heard.

    def _hear(self, message: dict[str, Any]) -> None:
        run = self._live.get(message["id"])
        if run is None or run.is_over:
            return
        match message:
            case {"event": record}:
                self._event(run, record)
            case {"zero": t}:
                self._mark_zero(run, t)
            case {"output": text}:
                run.output += text
            case {"step": text}:
                run.steps.append(text)
            case {"fact": fact}:
                run.extra[fact.pop("name")] = fact
            case {"ended": ended}:
                self._spawn(self._end(run, ended))
                return
        self._touch(run)

    def _mark_zero(self, run: Run, t: int) -> None:
        run.zero_ns = t
        for record in self._early.pop(run.id, []):
            self._event(run, record)

    def _event(self, run: Run, record: dict[str, Any]) -> None:
        """Instants become milliseconds since zero; what comes before zero is known waits for it."""
        if run.zero_ns is None:
            self._early.setdefault(run.id, []).append(record)
            return
        at_ms = (record.pop("t") - run.zero_ns) / 1e6
        run.events.append(Event(id=len(run.events) + 1, at_ms=at_ms, **record))

    def _step(self, run: Run, text: str) -> None:
        run.steps.append(text)
        self._touch(run)

    async def _end(self, run: Run, ended: Mapping[str, Any]) -> None:
        if run.is_over:
            return
        if early := self._early.get(run.id):
            # It never came to a request: its first event is as good a zero as any.
            self._mark_zero(run, early[0]["t"])
        run.status = ended["status"]
        run.fault, run.reason = ended.get("fault"), ended.get("reason")
        run.timing_error_ms = ended.get("timing_error_ms")
        run.events_seen = ended.get("events", len(run.events))
        run.output_bytes = ended.get("output_bytes", len(run.output))
        run.ended = datetime.now(UTC)
        self._forget(run)
        self._touch(run)
        with contextlib.suppress(asyncio.CancelledError):
            await self._store.update_run(
                run.id, status=run.status, ended=run.ended, record=records.dump(run)
            )
            await self._store.evict_runs(self._settings.stored_runs)

    def _forget(self, run: Run) -> None:
        """Free its place; keep it at hand for those who look at it now."""
        self._running.discard(run.id)
        self._early.pop(run.id, None)
        if run.learner and self._active.get(run.learner) == run.id:
            del self._active[run.learner]
        if not any(self._live[id].environment == run.environment for id in self._running):
            self._rest(run.environment, True)
        self._finished.append(run.id)
        while len(self._finished) > FINISHED_IN_MEMORY:
            old = self._finished.popleft()
            self._live.pop(old, None)
            self._changed.pop(old, None)
        if not self._stopping.is_set():
            self._admit()

    # News for those who wait.

    def _touch(self, run: Run) -> None:
        run.revision += 1
        if changed := self._changed.get(run.id):
            changed.set()
            self._changed[run.id] = asyncio.Event()

    async def _change(self, id: str) -> None:
        if changed := self._changed.get(id):
            await changed.wait()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _demo(self, name: str) -> Demo:
        demos = self._demos()
        if name not in demos:
            raise UnknownDemo(f"There is no demo {name!r}. {_hint(name, demos)}")
        return demos[name]


def _chosen(demo: Demo, variant: str | None) -> Variant:
    if variant is None:
        return next(iter(demo.variants.values()))
    if variant not in demo.variants:
        reason = f"{demo.name} has no variant {variant!r}. {_hint(variant, demo.variants)}"
        raise ParameterError("variant", reason)
    return demo.variants[variant]


def _environment(variant: Variant, environment: str | None) -> str:
    if environment is None:
        return variant.environments[0]
    if environment not in variant.environments:
        known = dict.fromkeys(variant.environments)
        raise ParameterError("environment", f"not {environment!r}. {_hint(environment, known)}")
    return environment


def _hint(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."


def _row(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in _COLUMNS}


def _lost(row: Mapping[str, Any]) -> str:
    run = Run(
        **{name: row[name] for name in (*_ASKED, "created", "learner")},
        source={},
        functions=(),
        status="failed",
        fault="app",
        reason="The server stopped while it ran.",
        ended=datetime.now(UTC),
    )
    return records.dump(run)
