"""What a process holds in memory, looked at from outside again and again. Knows nothing of why."""

import threading
from collections.abc import Callable

from quiz.runs.stage import tree

LOOK_SECONDS = 0.025


class Watching:
    """Looks in a thread of its own until it is stopped; `told` hears the megabytes.

    What is shared with the process that it was forked from is not counted.
    """

    def __init__(self, pid: int, told: Callable[[float], None]) -> None:
        self._pid = pid
        self._told = told
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def megabytes(self) -> float:
        """As it is now."""
        return tree.private_bytes([self._pid]) / 1e6

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        self._told(self.megabytes())
        while not self._stopped.wait(LOOK_SECONDS):
            self._told(self.megabytes())
