"""The memory of a process, measured from outside at intervals."""

import threading
from collections.abc import Callable

from quiz.runs.stage import tree

INTERVAL_SECONDS = 0.025


class MemoryWatch:
    """Measures in a thread until `stop()`, and passes megabytes to `on_sample`.

    Memory that the process shares with the zygote is not counted.
    """

    def __init__(self, pid: int, on_sample: Callable[[float], None]) -> None:
        self._pid = pid
        self._on_sample = on_sample
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def megabytes(self) -> float:
        """The memory of the process now."""
        return tree.private_bytes([self._pid]) / 1e6

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        self._on_sample(self.megabytes())
        while not self._stopped.wait(INTERVAL_SECONDS):
            self._on_sample(self.megabytes())
