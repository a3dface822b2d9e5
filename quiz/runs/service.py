"""The run service: starts, shows, cancels and breaks the runs of this server.

It connects the parts that do the work: `ActiveRuns` (one run per learner and slot), `LocalRunner`
(queue and zygotes), `LiveRuns` (runs in memory and their watchers), `RunArchive` (persistence).
It knows neither pages nor answers nor questions.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

from quiz.demos.model import Demo, Variant
from quiz.errors import QuizError, did_you_mean
from quiz.runs.active_runs import ActiveRuns
from quiz.runs.archive import RunArchive
from quiz.runs.engine.environments import Environments
from quiz.runs.errors import Unavailable, Unbreakable, UnknownDemo
from quiz.runs.live_runs import LiveRuns
from quiz.runs.local_runner import LocalRunner
from quiz.runs.order import order
from quiz.runs.run import Run
from quiz.runs.run_store import RunStore
from quiz.runs.tasks import TaskSet
from quiz.settings import Settings

CANCEL_SECONDS = 5.0


class Runs:
    """`demos` returns the demos of the newest catalog."""

    def __init__(
        self,
        settings: Settings,
        store: RunStore,
        demos: Callable[[], Mapping[str, Demo]],
        environments: Environments,
    ) -> None:
        self._settings = settings
        self._demos = demos
        self._active = ActiveRuns()
        self._live = LiveRuns()
        self._archive = RunArchive(store, settings.stored_runs)
        self._saves = TaskSet()
        self._runner = LocalRunner(
            environments,
            memory_mb=settings.memory_mb,
            queue_length=settings.queue_length,
            changed=self._live.notify,
            ended=self._ended,
        )

    async def open(self) -> None:
        """Mark the runs failed that an earlier server lost, and warm the usual environment."""
        await self._archive.fail_unfinished()
        self._runner.open()

    async def close(self) -> None:
        """End all runs and zygotes and store the runs. No process of a run is left on return."""
        self._live.close()
        await self._runner.close()
        reason = "The server was stopped while it ran."
        for run in self._live.unfinished():
            self._runner.end(run, status="failed", fault="app", reason=reason)
        await self._saves.join()

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
        """Start or queue a run. If the learner has an active run in this slot, returns that run.

        `address` is the address of a caller without a cookie. While its run is active, further
        runs of this address only use the room that learners leave.

        Raises UnknownDemo, ParameterError (names `variant`, `environment` or a parameter),
        Unavailable, QueueFull, StorageError.
        """
        if active := self.active(learner, slot):
            return active
        found = self._demo(demo)
        chosen, where, values = found.choose(variant, environment, parameters or {})
        if reason := self.needs(chosen, where):
            raise Unavailable(reason)
        rank = self._active.rank(address)
        self._runner.check_queue(found.memory_mb, chosen.takes, rank)
        run = _new_run(found, chosen, where, values, learner=learner, slot=slot, address=address)
        ordered = order(run, found, self._settings)
        self._live.add(run)
        self._active.add(run)
        self._runner.submit(ordered, rank)
        await self._store_new(run)
        return run

    async def _store_new(self, run: Run) -> None:
        """Write the row while the run starts. A run without a row could not be shown later."""
        try:
            await self._archive.add(run)
        except QuizError:
            await self.cancel(run.id)
            raise

    def active(self, learner: str | None, slot: str = "") -> Run | None:
        """The learner's queued or running run in this slot."""
        return self._active.of(learner, slot)

    def needs(self, variant: Variant, environment: str) -> str | None:
        """Why the variant cannot run here now, and the command that fixes it; None if it can."""
        return self._runner.needs(variant, environment)

    def would_queue(self, demo: str) -> bool:
        """Whether a run of this demo would have to wait now. Raises UnknownDemo."""
        return self._runner.would_wait(self._demo(demo).memory_mb)

    def room_for(self, demo: str) -> int:
        """How many runs of this demo fit into memory at once. Raises UnknownDemo."""
        return self._settings.memory_mb // self._demo(demo).memory_mb

    async def get(self, id: str) -> Run:
        """A live or stored run. Raises UnknownRun, Evicted, StorageError."""
        return self._live.get(id) or await self._archive.load(id)

    async def wait(self, id: str, seconds: float, *, begun: bool = False) -> Run:
        """The run once it is over, or as it is after `seconds`; `begun`: once its zero is known.

        Raises as `get`.
        """
        run = await self.get(id)
        await self._live.wait(run, seconds, begun=begun)
        return run

    async def watch(self, id: str) -> AsyncIterator[Run]:
        """The run after each change, at most ten times per second, and once per second.

        Ends after the run is over or the server stops. Raises as `get`.
        """
        async for run in self._live.watch(await self.get(id)):
            yield run

    async def cancel(self, id: str) -> Run:
        """End the run. A run that is over stays as it is. Raises as `get`."""
        run = await self.get(id)
        if run.status == "queued":
            self._runner.end(run, status="cancelled", reason="It was cancelled.")
        elif not run.is_over:
            self._runner.send(run, ask="cancel")
            await self._live.wait(run, CANCEL_SECONDS)
        return run

    async def break_(self, id: str, what: str) -> Run:
        """Inject a fault that the run's variant offers, such as "worker": kill the worker.

        Returns at once; the fault becomes part of the run. Raises Unbreakable, and as `get`.
        """
        run = await self.get(id)
        if what not in run.breaks:
            hint = did_you_mean(what, run.breaks) if run.breaks else ""
            raise Unbreakable(f"{what!r} is nothing that can be broken in this run. {hint}".strip())
        if run.is_over:
            raise Unbreakable("This run is over. Run it again to break it.")
        if run.zero_ns is None:
            raise Unbreakable("This run has not begun yet. Try again in a moment.")
        self._runner.send(run, ask="break", what=what)
        return run

    def _ended(self, run: Run) -> None:
        self._active.remove(run)
        self._live.notify(run)
        self._saves.spawn(self._save(run))

    async def _save(self, run: Run) -> None:
        """Store the run before it may leave memory."""
        await self._archive.save(run)
        self._live.retire(run)

    def _demo(self, name: str) -> Demo:
        demos = self._demos()
        if name not in demos:
            raise UnknownDemo(f"There is no demo {name!r}. {did_you_mean(name, demos)}")
        return demos[name]


def _new_run(
    demo: Demo,
    variant: Variant,
    environment: str,
    parameters: Mapping[str, float],
    *,
    learner: str | None,
    slot: str,
    address: str,
) -> Run:
    return Run(
        id=secrets.token_hex(8),
        demo=demo.name,
        variant=variant.name,
        environment=environment,
        parameters=parameters,
        seconds=variant.takes,
        memory_mb=demo.memory_mb,
        created=datetime.now(UTC),
        source=demo.source(variant.name, parameters),
        functions=tuple(demo.functions(variant.name)),
        curves={c.name: {"title": c.title, "unit": c.unit} for c in demo.curves.values()},
        breaks=variant.breaks,
        learner=learner,
        slot=slot,
        address=address,
    )
