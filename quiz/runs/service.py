"""The runs of this server: asked for, queued, played, ended, looked up again.

It owns the live runs. Rows and finished records are kept by a `RunStore` that it
is given; of pages, learners' answers and questions it knows nothing.
"""

import asyncio
import contextlib
import logging
import secrets
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from quiz.demos import system_programs
from quiz.demos.model import Demo, Variant
from quiz.errors import QuizError, did_you_mean
from quiz.runs import serialization
from quiz.runs.engine.environments import Environments
from quiz.runs.engine.zygote_client import Zygote
from quiz.runs.engine.zygote_pool import Nursery
from quiz.runs.errors import Evicted, QueueFull, Unavailable, Unbreakable, UnknownDemo, UnknownRun
from quiz.runs.run import Run
from quiz.runs.scheduler import FIRST, FURTHER, LEARNER, Queue
from quiz.settings import Settings

logger = logging.getLogger("quiz.runs")
SECOND_OF_ADDRESS = (
    "A run from your address is not over. Without this site's cookie, an address has one run at a"
    " time as long as others wait."
)
REDRAW_SECONDS = 0.1
FINISHED_IN_MEMORY = 50
START_SECONDS = 1.0  # a start that takes longer mostly waits, too
TELL_SECONDS = 1.0  # meanwhile the seconds left get fewer, the axis longer


class RunStore(Protocol):
    """What is kept of runs beyond this process."""

    async def add_run(self, record: Mapping[str, Any]) -> None: ...
    async def update_run(self, id: str, **columns: Any) -> None: ...
    def run(self, id: str) -> Mapping[str, Any] | None: ...
    def unfinished_runs(self) -> list[Mapping[str, Any]]: ...
    async def evict_runs(self, keep: int) -> int: ...


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
        self._nursery = Nursery(environments, self._hear, self._died)
        self._live: dict[str, Run] = {}
        self._finished: deque[str] = deque()
        self._queue = Queue(memory_mb=settings.memory_mb, length=settings.queue_length)
        self._active: dict[tuple[str | None, str], str] = {}  # learner and slot -> their run
        self._guests = Counter[str]()  # address of callers without a cookie -> their active runs
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
        slot: str = "",
        address: str = "",
    ) -> Run:
        """Run it now, or queue it. A learner with an active run in this slot gets that one.

        `address` is where a caller without a cookie asks from. Beyond one active run, it gets only
        what learners leave.

        Raises UnknownDemo, ParameterError (naming `variant`, `environment` or a parameter),
        Unavailable, QueueFull.
        """
        if active := self.active(learner, slot):
            return active
        found = self._demo(demo)
        chosen, where, values = found.choose(variant, environment, parameters or {})
        if reason := self.needs(chosen, where):
            raise Unavailable(reason)
        self._refuse_if_full(found, chosen, address)
        run = Run(
            id=secrets.token_hex(8),
            demo=demo,
            variant=chosen.name,
            environment=where,
            parameters=values,
            seconds=chosen.takes,
            memory_mb=found.memory_mb,
            created=datetime.now(UTC),
            source=found.source(chosen.name, values),
            functions=tuple(found.functions(chosen.name)),
            curves={c.name: {"title": c.title, "unit": c.unit} for c in found.curves.values()},
            breaks=chosen.breaks,
            learner=learner,
            slot=slot,
            address=address,
        )
        self._enter(run)
        # The row is written while the run already starts.
        try:
            await self._store.add_run(serialization.row(run))
        except QuizError:
            # No page could ever show a run without a row.
            await self.cancel(run.id)
            raise
        return run

    def _refuse_if_full(self, demo: Demo, variant: Variant, address: str) -> None:
        """Raises QueueFull. Without a cookie only the address tells one caller from another."""
        rank = self._rank(address)
        if self._queue.is_full(rank):
            wait = max(1, round(self._queue.wait_of(demo.memory_mb, variant.takes, _now())))
            raise QueueFull(wait, SECOND_OF_ADDRESS) if rank == FURTHER else QueueFull(wait)

    def _rank(self, address: str) -> int:
        if not address:
            return LEARNER
        return FURTHER if self._guests[address] else FIRST

    def _enter(self, run: Run) -> None:
        """From now on it is live, and starts when it has its turn."""
        self._live[run.id] = run
        self._changed[run.id] = asyncio.Event()
        if run.learner or run.slot:
            self._active[run.learner, run.slot] = run.id
        self._queue.add(run.id, run.memory_mb, run.seconds, self._rank(run.address))
        if run.address:
            self._guests[run.address] += 1
        self._admit()

    def needs(self, variant: Variant, environment: str) -> str | None:
        """Why it cannot run here for now, and the command that mends it; None where it can."""
        return system_programs.missing(variant.needs) or self._nursery.needs(environment)

    def active(self, learner: str | None, slot: str = "") -> Run | None:
        """The learner's run that is queued or running in this slot."""
        return self._live.get(self._active.get((learner, slot), ""))

    def would_queue(self, demo: str) -> bool:
        """Whether a run of it would have to wait now."""
        return self._queue.would_wait(self._demo(demo).memory_mb)

    def room_for(self, demo: str) -> int:
        """How many of its runs there is memory for at once, were there no others."""
        return self._settings.memory_mb // self._demo(demo).memory_mb

    def get(self, id: str) -> Run:
        """A run, live or kept. Raises UnknownRun or Evicted."""
        if run := self._live.get(id):
            return run
        row = self._store.run(id)
        if row is None:
            raise UnknownRun(f"There is no run {id!r}.")
        if not row["record"]:
            raise Evicted(row)
        run = serialization.load(row["record"])
        run.learner, run.slot = row["learner"], row["slot"]
        return run

    async def wait(self, id: str, seconds: float, *, begun: bool = False) -> Run:
        """The run when it is over, or as it is after that time; `begun`: when its zero is known."""
        run = self.get(id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not run.is_over and not self._stopping.is_set():
                    if begun and run.zero_ns is not None:
                        break
                    await self._change(run.id)
        return run

    async def watch(self, id: str) -> AsyncIterator[Run]:
        """The run each time something was added, at most ten times a second, and each second.

        The last one is over or the server stops.
        """
        run = self.get(id)
        while True:
            # It may end while whoever watches is busy with it: then they have not seen its end yet.
            seen, over = run.revision, run.is_over
            yield run
            if over or self._stopping.is_set():
                return
            await asyncio.sleep(REDRAW_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TELL_SECONDS):
                    while run.revision == seen and not self._stopping.is_set():
                        await self._change(run.id)

    async def cancel(self, id: str) -> Run:
        """End it; one that is over stays as it ended."""
        run = self.get(id)
        if run.status == "queued":
            # It waits for its turn, or for its environment.
            await self._end(run, status="cancelled", reason="It was cancelled.")
        elif not run.is_over and (zygote := self._nursery.get(run.environment)):
            zygote.ask({"ask": "cancel", "id": run.id})
            await self.wait(id, 5.0)
        return run

    def break_(self, id: str, what: str) -> Run:
        """Have one of its programs killed, or what else it lets be broken.

        What comes of it is heard of as it happens. Raises UnknownRun, Evicted, Unbreakable.
        """
        run = self.get(id)
        if what not in run.breaks:
            hint = did_you_mean(what, run.breaks) if run.breaks else ""
            raise Unbreakable(f"{what!r} is nothing that can be broken in this run. {hint}".strip())
        if run.is_over:
            raise Unbreakable("This run is over. Run it again to break it.")
        zygote = self._nursery.get(run.environment)
        if run.zero_ns is None or zygote is None:
            raise Unbreakable("This run has not begun yet. Try again in a moment.")
        zygote.ask({"ask": "break", "id": run.id, "what": what})
        return run

    # The server's life.

    async def open(self) -> None:
        """Mark the runs that an earlier server lost, and warm the usual environment."""
        for row in self._store.unfinished_runs():
            await self._store.update_run(
                row["id"], status="failed", ended=datetime.now(UTC), record=serialization.lost(row)
            )
        self._nursery.open()

    async def close(self) -> None:
        """End all runs and zygotes; nothing of them is left when it returns."""
        self._stopping.set()
        for event in self._changed.values():
            event.set()
        self._queue.empty()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._nursery.close()
        reason = "The server was stopped while it ran."
        for run in [run for run in self._live.values() if not run.is_over]:
            await self._end(run, status="failed", fault="app", reason=reason)

    # The queue.

    def _admit(self) -> None:
        while (id := self._queue.turn()) is not None:
            run = self._live[id]
            run.place = run.turn = None
            if zygote := self._nursery.get(run.environment):
                self._ask(zygote, run)
            else:
                self._spawn(self._launch(run))
        now = datetime.now(UTC)
        for id, place, seconds in self._queue.places(_now()):
            run = self._live[id]
            run.place, run.turn = place, now + timedelta(seconds=seconds)
            self._touch(run)

    async def _launch(self, run: Run) -> None:
        """The way to a zygote that is not there yet: build its environment, warm it."""
        try:
            await self._nursery.warm(run.environment, lambda text: self._step(run, text))
        except QuizError as error:
            await self._end(run, status="failed", fault="app", reason=str(error))
        else:
            if not run.is_over:
                # Many may have waited for it: they start in their order, a few at a time.
                self._queue.line_up_again(run.id)
                self._admit()

    def _ask(self, zygote: Zygote, run: Run) -> None:
        limits = self._settings
        self._nursery.wake(run.environment)
        self._queue.start(run.id, _now())
        asyncio.get_running_loop().call_later(START_SECONDS, self._started, run)
        run.status, run.started, run.versions = "running", datetime.now(UTC), zygote.versions
        demo = self._demo(run.demo)
        zygote.ask(
            {
                "ask": "run",
                "id": run.id,
                "files": dict(run.source),
                "imports": demo.imports(run.variant),
                "scenario": demo.scenario.read_text(),
                "app": f"{demo.variants[run.variant].files[0].removesuffix('.py')}:app",
                "variant": run.variant,
                "parameters": dict(run.parameters),
                "programs": self._programs(demo.variants[run.variant]),
                "curves": list(run.curves),
                "limits": {
                    "seconds": limits.run_seconds,
                    "memory_mb": limits.run_memory_mb,
                    "processes": limits.run_processes,
                    "disk_mb": limits.run_disk_mb,
                    "events": limits.run_events,
                    "output_bytes": limits.run_output_bytes,
                },
            }
        )
        self._touch(run)

    def _programs(self, variant: Variant) -> dict[str, str]:
        """Where those lie that the run starts beside what its environment brings."""
        found = {name: path for name in variant.needs if (path := system_programs.find(name))}
        redis = self._settings.redis_server
        return found | ({"redis-server": redis} if redis else {})

    # What is heard.

    def _hear(self, message: dict[str, Any]) -> None:
        run = self._live.get(message["id"])
        if run is None or run.is_over:
            return
        if "ended" in message:
            self._spawn(self._end(run, **message["ended"]))
        elif self._hears(run, message):
            self._touch(run)
            if "zero" in message:
                self._started(run)

    def _hears(self, run: Run, message: dict[str, Any]) -> bool:
        """Whether it made sense; if not, it ends this run and no other."""
        try:
            run.hear(message)
        except Exception:
            logger.exception("A message of the run %s could not be read.", run.id)
            reason = "A message of this run could not be read."
            self._spawn(self._end(run, status="failed", fault="app", reason=reason))
            return False
        return True

    def _started(self, run: Run) -> None:
        """It has come to its zero, or takes long to: the next may start."""
        if self._queue.started(run.id, _now()) and not self._stopping.is_set():
            self._admit()

    def _died(self, environment: str) -> None:
        """A zygote ended, and all that it owned with it."""
        reason = "The process that plays the runs died. It is started again with the next run."
        for run in [self._live[id] for id in self._queue.placed]:
            if run.environment == environment and run.status == "running":
                self._spawn(self._end(run, status="failed", fault="app", reason=reason))

    def _step(self, run: Run, text: str) -> None:
        run.hear({"step": text})
        self._touch(run)

    async def _end(self, run: Run, **ended: Any) -> None:
        if run.is_over:
            return
        run.hear({"ended": ended})
        self._forget(run)
        self._touch(run)
        with contextlib.suppress(asyncio.CancelledError):
            await self._keep(run)

    async def _keep(self, run: Run) -> None:
        """A record that cannot be stored is logged: no caller waits for it, and others must end."""
        try:
            await self._store.update_run(
                run.id, status=run.status, ended=run.ended, record=serialization.dump(run)
            )
            await self._store.evict_runs(self._settings.stored_runs)
        except QuizError as error:
            logger.error("The record of run %s was not stored: %s", run.id, error)

    def _forget(self, run: Run) -> None:
        """Free its place; keep it at hand for those who look at it now."""
        self._queue.leave(run.id)
        if self._active.get((run.learner, run.slot)) == run.id:
            del self._active[run.learner, run.slot]
        if run.address:
            self._guests -= Counter([run.address])  # which also drops what is zero
        if not any(self._live[id].environment == run.environment for id in self._queue.placed):
            self._nursery.rest(run.environment)
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
            raise UnknownDemo(f"There is no demo {name!r}. {did_you_mean(name, demos)}")
        return demos[name]


def _now() -> float:
    return asyncio.get_running_loop().time()
