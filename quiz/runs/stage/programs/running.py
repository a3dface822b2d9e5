"""The running programs of a run: web servers, workers, brokers and others. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["web", "worker", "broker", "other"]


@dataclass(frozen=True)
class Program:
    """A program's `name` names its lane. The kind "other" takes no jobs: a scheduler, a monitor."""

    pid: int
    kind: Kind
    name: str

    @property
    def lane(self) -> str:
        return "event loop" if self.kind == "web" else f"{self.name} {self.pid}"


class RunningPrograms:
    """The programs that have started and not ended, by pid."""

    def __init__(self) -> None:
        self._running: dict[int, Program] = {}
        self._kinds: set[Kind] = set()  # of all programs, including those that have ended

    def __contains__(self, pid: int) -> bool:
        return pid in self._running

    def add(self, pid: int, kind: Kind, name: str) -> Program:
        self._kinds.add(kind)
        self._running[pid] = Program(pid, kind, name)
        return self._running[pid]

    def remove(self, pid: int) -> Program | None:
        return self._running.pop(pid, None)

    def of(self, kind: str) -> list[Program]:
        return [program for program in self._running.values() if program.kind == kind]

    def to_break(self, kind: str, busy: Collection[int]) -> Program | None:
        """The program of this kind that a learner breaks: a busy program before an idle one."""
        running = self.of(kind)
        return next((one for one in running if one.pid in busy), running[0] if running else None)

    def can_end_a_call(self, busy: Collection[int]) -> bool:
        """Whether a call in one of the busy processes can still end.

        If the run has workers, a call in a web server may wait for them forever.
        """
        webs = {program.pid for program in self.of("web")}
        return bool(set(busy) - webs if "worker" in self._kinds else busy)

    def can_continue(self, busy: Collection[int]) -> bool:
        """Whether a program is at work or can start more work."""
        if "worker" not in self._kinds:
            return bool(self.of("web"))
        has_queue = "broker" not in self._kinds or bool(self.of("broker"))
        return self.can_end_a_call(busy) or (has_queue and bool(self.of("worker")))
