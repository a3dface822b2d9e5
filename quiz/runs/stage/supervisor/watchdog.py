"""The watchdog of a run: limits of time, memory, disk and processes, and the timing error."""

import math
import os
import time
from collections.abc import Mapping
from pathlib import Path

from quiz.runs.stage import folder, tree
from quiz.runs.stage.supervisor.ending import Ending

TICK_SECONDS = 0.1  # A sleep of known length measures the timing error.
USAGE_SECONDS = 0.25  # How often memory and disk are measured.


class Watchdog:
    """`limits` has the keys seconds, memory_mb, disk_mb and processes.

    `late_seconds` is the timing error: by how much the latest tick was late at most.
    """

    def __init__(self, limits: Mapping[str, float], run_folder: Path, groups: set[int]) -> None:
        self._limits = limits
        self._folder = run_folder
        self._groups = groups
        self._next_tick = self._next_usage = self._deadline = math.inf
        self.late_seconds = 0.0

    @property
    def next_check(self) -> float:
        return min(self._next_tick, self._next_usage, self._deadline)

    def start(self) -> None:
        now = time.monotonic()
        self._next_tick, self._next_usage = now + TICK_SECONDS, now + USAGE_SECONDS
        self._deadline = now + self._limits["seconds"]

    def check(self, now: float) -> Ending | None:
        """The end of a run that exceeds a limit. Kills its processes if they use too much."""
        over = None
        if now >= self._next_tick:
            self.late_seconds = max(self.late_seconds, now - self._next_tick)
            self._next_tick = now + TICK_SECONDS
            over = self._too_many_processes()
        if now >= self._next_usage:
            over = over or self._too_much_memory() or self._too_much_disk()
            self._next_usage = time.monotonic() + USAGE_SECONDS
        if over:
            # Processes of the run can multiply, so they end before anything else is done.
            tree.kill_groups(self._groups)
            return Ending("failed", "limit", over)
        if now >= self._deadline:
            limit = self._limits["seconds"]
            return Ending("timed_out", "limit", f"It ran longer than {limit:g} s.")
        return None

    def _too_many_processes(self) -> str | None:
        most = int(self._limits["processes"])
        more = tree.has_more_below(os.getpid(), most)
        return f"It started more than {most} processes." if more else None

    def _too_much_memory(self) -> str | None:
        """The cheap measure is too high. The exact measure is taken only if the cheap one is."""
        most = self._limits["memory_mb"]
        pids = tree.descendants(os.getpid())
        if tree.resident_bytes(pids) > most * 1e6 and tree.private_bytes(pids) > most * 1e6:
            return f"It used more than {most:.0f} MB of memory."
        return None

    def _too_much_disk(self) -> str | None:
        most = self._limits["disk_mb"]
        more = folder.size(self._folder) > most * 1e6
        return f"It wrote more than {most:.0f} MB to the disk." if more else None
