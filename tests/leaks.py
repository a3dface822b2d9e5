"""What a test may leave behind: processes, listening sockets, private folders of runs.

A process is ours if it descends from the tests or carries their mark in its environment, which it
inherits however often it forks and whatever session it makes.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import psutil

MARK = "AFTER_RESPONSE_TESTS"
GRACE_SECONDS = 3.0
# The tests' own tools come and go as they like; a browser keeps a spare process, say.
TOOLS = ("chrom", "headless", "node", "playwright")


@dataclass(frozen=True)
class Left:
    processes: frozenset[str]
    listening: frozenset[str]
    folders: frozenset[str]

    def beyond(self, before: "Left") -> list[str]:
        return [
            *sorted(self.processes - before.processes),
            *sorted(self.listening - before.listening),
            *sorted(self.folders - before.folders),
        ]


def mark() -> None:
    """Marks all processes that are started from now on as those of this test process."""
    os.environ[MARK] = f"{os.getpid()}-{time.time_ns()}"


def snapshot(*, zygotes: bool = False) -> Left:
    """`zygotes` counts those too, with their spare owners, that a live server rightly keeps."""
    ours = [p for p in _ours() if zygotes or not _is_kept(p)]
    me = psutil.Process()
    return Left(
        processes=frozenset(f"process {p.pid}: {_words(p)}" for p in ours),
        listening=frozenset(line for p in [me, *ours] for line in _listening(p)),
        folders=frozenset(str(f) for f in Path(tempfile.gettempdir()).glob("*after-response-*")),
    )


def left_since(before: Left, *, zygotes: bool = False) -> list[str]:
    """What is there beyond `before`, once all that is about to go has gone."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := snapshot(zygotes=zygotes).beyond(before)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _ours() -> Iterator[psutil.Process]:
    below = {process.pid for process in psutil.Process().children(recursive=True)}
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or _is_tool(process):
                continue
            if process.pid in below or _is_marked(process):
                yield process
        except psutil.Error:
            continue


def _is_kept(process: psutil.Process) -> bool:
    """A zygote below a process of ours that is none itself, or what it has ready for the next run.

    Which works in no run's private folder.
    """
    try:
        line = [process, *process.parents()]
        forked = list(takewhile(lambda one: "zygote" in one.cmdline(), line))
        if not forked or not (
            line[len(forked)].pid == os.getpid() or _is_marked(line[len(forked)])
        ):
            return False
        owners = forked[-2:-1]
        below = [child for owner in owners for child in (owner, *owner.children(recursive=True))]
        return not any("after-response-" in one.cwd() for one in below)
    except psutil.Error:
        return False


def _is_marked(process: psutil.Process) -> bool:
    return process.environ().get(MARK, "") == os.environ.get(MARK, "nothing")


def _is_tool(process: psutil.Process) -> bool:
    name = process.name().lower()
    return "zombie" in process.status() or any(tool in name for tool in TOOLS)


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[-200:] or process.name()
    except psutil.Error:
        return "gone"


def _listening(process: psutil.Process) -> Iterator[str]:
    try:
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                yield f"process {process.pid} listens on port {connection.laddr.port}"
    except psutil.Error:
        return
