"""What a learner breaks in a run while it goes on, and when a run that was broken is over.

It sends the signals; the owner starts, watches and reaps the programs.
"""

import contextlib
import math
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from quiz.runs.stage import scenario, tree
from quiz.runs.stage.event_ledger import News
from quiz.runs.stage.outgoing import Stream
from quiz.runs.stage.programs.child_processes import Program, Programs

# So long one watches when nobody goes on: it is enough to see that.
AFTERMATH_SECONDS = 3.0
# Between one call and the next that it leads to it is not so long silent.
QUIET_SECONDS = 0.3


class Breaking:
    """`ended` is told of a program that was killed, with its wait status."""

    def __init__(
        self,
        programs: Programs,
        news: News,
        told: Stream,
        ended: Callable[[Program, int], None],
    ) -> None:
        self._programs = programs
        self._news = news
        self._told = told
        self._ended = ended
        self._pids: set[int] = set()  # what the learner ended
        self._at = math.inf
        self._heard_at = 0.0
        self.parted = False  # the client is done with the run; others may not be

    @property
    def has_begun(self) -> bool:
        return self._at < math.inf

    def by(self, pid: int) -> dict[str, str]:
        """Who ended it, for its event."""
        return {"by": "learner"} if pid in self._pids else {}

    def hang_up(self, client: int) -> None:
        """Have the client close its connection, where a request is open: it says so itself."""
        if self.parted or not self._news.is_client_waiting:
            self._told.say(spared="connection")
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(client, scenario.CLOSE)

    def stop(self, sort: str) -> None:
        """A broker is asked to end, as an operator would; others are killed."""
        hit = self._programs.hit(sort, self._news.busy)
        if hit is None or hit.pid in self._pids:
            self._told.say(spared=sort)
            return
        self._begin(sort)
        if hit.sort == "broker":
            self._pids.add(hit.pid)
            os.kill(hit.pid, signal.SIGTERM)
        else:
            self._kill(hit)

    def hear(self, record: dict[str, Any]) -> None:
        self._heard_at = time.monotonic()
        if record["lane"] == "client" and record["detail"].get("by"):
            self._begin("connection")

    def end(self, now: float) -> str | None:
        """Why a broken run is over, "" where all is done; None as long as it is not.

        It is when nobody is left, or when the client is done and nothing goes on any more.
        """
        if not self.has_begun:
            return None
        busy = self._news.busy
        if now - self._at >= AFTERMATH_SECONDS and not self._programs.can_go_on(busy):
            return "Nobody was left who could go on."
        quiet = now - max(self._at, self._heard_at)
        if self.parted and quiet >= QUIET_SECONDS and not (busy or self._news.is_work_left):
            return ""
        if self.parted and quiet >= AFTERMATH_SECONDS and not self._programs.at_work(busy):
            return "Nobody went on."
        return None

    def _begin(self, what: str) -> None:
        self._at = time.monotonic()
        self._told.say(**{"break": what})

    def _kill(self, hit: Program) -> None:
        """With what it has forked for a job, as whoever stops a service does.

        Told at once: who waits for it may be gone before the system says that it has ended.
        """
        pids = [hit.pid, *tree.descendants(hit.pid)]
        self._pids |= set(pids)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if pid == hit.pid or pid in self._news.busy:
                self._ended(Program(pid, hit.sort, hit.name), signal.SIGKILL)
        self._programs.ended(hit.pid)
