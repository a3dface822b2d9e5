"""The condition that a scenario waits for, each with a bound. Pure: callers pass the time.

Times are seconds of the monotonic clock.
"""

import math
from collections.abc import Callable
from typing import Any

from quiz.runs.stage import wire
from quiz.runs.stage.supervisor.event_ledger import EventLedger

Answer = dict[str, Any]
NOT_READY = "The process ended before it was ready: see its output."


class ScenarioWait:
    """A scenario waits for one condition at a time."""

    def __init__(self, ledger: EventLedger) -> None:
        self._ledger = ledger
        self._answer: Callable[[], Answer | None] | None = None
        self.until = math.inf

    def for_event(self, event: str, name: str, count: int, until: float) -> None:
        self._for(lambda: self._ledger.count(event, name) >= count, until)

    def for_end_of(self, pid: int, until: float) -> None:
        self._for(lambda: pid in self._ledger.ended, until)

    def for_settled(self, until: float) -> None:
        self._for(lambda: self._ledger.is_settled, until)

    def for_ready(self, pid: int, until: float = math.inf) -> None:
        self._answer, self.until = lambda: self._ready(pid), until

    def answer(self, now: float) -> Answer | None:
        """The answer to the scenario, once: if the condition is met or the time is up."""
        if self._answer is None:
            return None
        answer = self._answer()
        if answer is None and now >= self.until:
            answer = {wire.MET: False}
        if answer is not None:
            self._answer, self.until = None, math.inf
        return answer

    def _for(self, is_met: Callable[[], bool], until: float) -> None:
        self._answer, self.until = lambda: {wire.MET: True} if is_met() else None, until

    def _ready(self, pid: int) -> Answer | None:
        if pid in self._ledger.ports:
            return {wire.PID: pid, wire.PORT: self._ledger.ports[pid]}
        return {wire.ERROR: NOT_READY} if pid in self._ledger.ended else None
