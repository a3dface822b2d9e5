"""Executes runs on this machine: queues them, sends orders to zygotes, applies their messages.

It knows neither learners nor the store. Its owner hears of each change and of each end.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from quiz.demos import system_programs
from quiz.demos.model import Variant
from quiz.errors import QuizError
from quiz.runs.engine.environments import Environments
from quiz.runs.engine.zygote_client import Zygote
from quiz.runs.engine.zygote_pool import ZygotePool
from quiz.runs.errors import QueueFull
from quiz.runs.order import Order
from quiz.runs.run import Run
from quiz.runs.scheduler import FURTHER, Scheduler
from quiz.runs.tasks import TaskSet

logger = logging.getLogger("quiz.runs")
SECOND_OF_ADDRESS = (
    "A run from your address is not over. Without this site's cookie, an address has one run at a"
    " time as long as others wait."
)
# A start that takes longer is mostly waiting, too: the next run may start.
START_SECONDS = 1.0


class LocalRunner:
    """`changed` is called after each change of a run, `ended` once, when the run is over.

    `memory_mb` is for all runs together; `queue_length` bounds the runs that wait.
    """

    def __init__(
        self,
        environments: Environments,
        *,
        memory_mb: int,
        queue_length: int,
        changed: Callable[[Run], None],
        ended: Callable[[Run], None],
    ) -> None:
        self._scheduler = Scheduler(memory_mb=memory_mb, length=queue_length)
        self._pool = ZygotePool(environments, self._receive, self._zygote_exited)
        self._changed = changed
        self._ended = ended
        self._orders: dict[str, Order] = {}
        self._launches = TaskSet()
        self._closing = False

    def open(self) -> None:
        """Warm the usual environment."""
        self._pool.open()

    async def close(self) -> None:
        """End all zygotes and the processes of their runs."""
        self._closing = True
        self._scheduler.clear_waiting()
        await self._launches.cancel()
        await self._pool.close()

    def needs(self, variant: Variant, environment: str) -> str | None:
        """Why the variant cannot run here now, and the command that fixes it; None if it can."""
        return system_programs.missing(variant.needs) or self._pool.needs(environment)

    def would_wait(self, memory_mb: int) -> bool:
        return self._scheduler.would_wait(memory_mb)

    def check_queue(self, memory_mb: int, seconds: float, rank: int) -> None:
        """Raises QueueFull, with the seconds until it is worth trying again."""
        if self._scheduler.is_full(rank):
            wait = max(1, round(self._scheduler.wait_of(memory_mb, seconds, _now())))
            raise QueueFull(wait, SECOND_OF_ADDRESS) if rank == FURTHER else QueueFull(wait)

    def submit(self, order: Order, rank: int) -> None:
        """Queue the run; start it now if it can start."""
        run = order.run
        self._orders[run.id] = order
        self._scheduler.add(run.id, run.memory_mb, run.seconds, rank)
        self._admit()

    def send(self, run: Run, **command: Any) -> None:
        """Send a command about a running run to its zygote: see stage/wire.py."""
        if zygote := self._pool.get(run.environment):
            zygote.send({"id": run.id, **command})

    def end(self, run: Run, **end: Any) -> None:
        """End a run without its zygote: the run is queued, or its zygote is gone."""
        run.apply({"ended": end})
        self._release(run)

    def _fail(self, run: Run, reason: str) -> None:
        self.end(run, status="failed", fault="app", reason=reason)

    def _admit(self) -> None:
        """Start every run that has its turn, and tell the others how long they will wait."""
        while not self._closing and (id := self._scheduler.admit()) is not None:
            order = self._orders[id]
            order.run.place = order.run.turn = None
            if zygote := self._pool.get(order.run.environment):
                self._start(order, zygote)
            else:
                self._launches.spawn(self._launch(order.run))
        now = datetime.now(UTC)
        for id, position, seconds in self._scheduler.positions(_now()):
            run = self._orders[id].run
            run.place, run.turn = position, now + timedelta(seconds=seconds)
            self._changed(run)

    async def _launch(self, run: Run) -> None:
        """Build and warm the environment of an admitted run, then queue the run again.

        Many runs may have waited for the environment. They start in order, a few at a time.
        """

        def progress(text: str) -> None:
            self._apply(run, {"step": text})

        try:
            await self._pool.warm(run.environment, progress)
        except QuizError as error:
            if not run.is_over:
                self._fail(run, str(error))
        else:
            if not run.is_over:
                self._scheduler.requeue(run.id)
                self._admit()

    def _start(self, order: Order, zygote: Zygote) -> None:
        run = order.run
        self._pool.mark_busy(run.environment)
        self._scheduler.begin_start(run.id, _now())
        asyncio.get_running_loop().call_later(START_SECONDS, self._finish_start, run)
        run.status, run.started, run.versions = "running", datetime.now(UTC), zygote.versions
        zygote.send(order.message)
        self._changed(run)

    def _finish_start(self, run: Run) -> None:
        if self._scheduler.finish_start(run.id, _now()):
            self._admit()

    def _receive(self, message: dict[str, Any]) -> None:
        """A message of a zygote. Messages of a run that is over are dropped."""
        order = self._orders.get(message["id"])
        if order is None or not self._apply(order.run, message):
            return
        if order.run.is_over:
            self._release(order.run)
        elif "zero" in message:
            self._finish_start(order.run)

    def _apply(self, run: Run, message: dict[str, Any]) -> bool:
        """Whether the message was applied. An invalid one ends its run and no other."""
        if run.is_over:
            return False
        try:
            run.apply(message)
        except Exception:
            logger.exception("A message of the run %s could not be read.", run.id)
            self._fail(run, "A message of this run could not be read.")
            return False
        self._changed(run)
        return True

    def _zygote_exited(self, environment: str) -> None:
        """A zygote died, and with it all processes of its runs."""
        reason = "The process that plays the runs died. It is started again with the next run."
        for run in [self._orders[id].run for id in self._scheduler.admitted]:
            if run.environment == environment and run.status == "running":
                self._fail(run, reason)

    def _release(self, run: Run) -> None:
        """The run is over: free its memory, let the next one start."""
        del self._orders[run.id]
        self._scheduler.remove(run.id)
        admitted = [self._orders[id].run for id in self._scheduler.admitted]
        if not any(other.environment == run.environment for other in admitted):
            self._pool.mark_idle(run.environment)
        self._ended(run)
        self._admit()


def _now() -> float:
    return asyncio.get_running_loop().time()
