"""Which programs of a run live: its web servers, workers and brokers; whom a break hits.

Pure: it is told who began and who ended, and sends no signal itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Sort = Literal["web", "worker", "broker", "other"]


@dataclass(frozen=True)
class Program:
    """`name` is what a lane calls it. Others take no jobs: a scheduler, a monitor."""

    pid: int
    sort: Sort
    name: str

    @property
    def lane(self) -> str:
        return "event loop" if self.sort == "web" else f"{self.name} {self.pid}"


class Programs:
    def __init__(self) -> None:
        self._living: dict[int, Program] = {}
        self._sorts: set[Sort] = set()

    def __contains__(self, pid: int) -> bool:
        return pid in self._living

    def began(self, pid: int, sort: Sort, name: str) -> Program:
        self._sorts.add(sort)
        self._living[pid] = Program(pid, sort, name)
        return self._living[pid]

    def ended(self, pid: int) -> Program | None:
        return self._living.pop(pid, None)

    def of(self, sort: str) -> list[Program]:
        return [program for program in self._living.values() if program.sort == sort]

    def hit(self, sort: str, busy: Collection[int]) -> Program | None:
        """The one of its sort that a break ends: rather one that is at work."""
        living = self.of(sort)
        return next((one for one in living if one.pid in busy), living[0] if living else None)

    def at_work(self, busy: Collection[int]) -> bool:
        """Whether a call in one of these processes can still end.

        Where there are workers, one in a web server may wait for them for ever.
        """
        webs = {program.pid for program in self.of("web")}
        return bool(set(busy) - webs if "worker" in self._sorts else busy)

    def can_go_on(self, busy: Collection[int]) -> bool:
        """Whether somebody is at work, or left who could begin; `busy` are processes at work."""
        if "worker" not in self._sorts:
            return bool(self.of("web"))
        fed = "broker" not in self._sorts or bool(self.of("broker"))
        return self.at_work(busy) or (fed and bool(self.of("worker")))
