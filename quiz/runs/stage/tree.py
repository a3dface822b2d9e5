"""The processes below this one: who they are, what memory they hold, how they are ended.

Linux is asked through /proc, macOS through ps. Counting one's own tree is what limits a run:
rlimits stop nothing as root and otherwise count the user's other processes.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

LINUX = sys.platform == "linux"
MOST_LOOKS = 10
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
# Loaded before any fork: loading it afterwards would cost every run.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def adopt_orphans() -> None:
    """Become a sub-reaper: what a child leaves behind becomes our child, not init's."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the parent dies, however it dies. Linux only."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def threads() -> int:
    """How many threads the operating system counts here.

    `threading` does not see those of C code.
    """
    return len(os.listdir("/proc/self/task")) if LINUX else 1


def children(pid: int) -> list[int]:
    """The direct children of a process; none when it is gone."""
    if not LINUX:
        return [child for child, parent in _ps_pairs() if parent == pid]
    found = _listed(pid)
    # A read can miss a child if another child exits meanwhile. Two equal reads miss none. If the
    # children keep changing, the caller reads again.
    for _ in range(MOST_LOOKS):
        if (again := _listed(pid)) == found:
            break
        found = again
    return found


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    found, queue = [], children(pid)
    while queue:
        child = queue.pop()
        found.append(child)
        queue += children(child)
    return found


def resident_bytes(pids: Iterable[int]) -> int:
    """What the processes hold in memory, pages shared with the zygote counted each time.

    Cheap, and too high.
    """
    return sum(_statm(pid) for pid in pids)


def private_bytes(pids: Iterable[int]) -> int:
    """What would be freed if the processes ended: exact, and about 0.3 ms a process."""
    return sum(_rollup(pid) for pid in pids)


def working_in(folder: os.PathLike[str]) -> list[int]:
    """The processes that have their working directory in it, whoever's children they are.

    Linux only; one that we may not look at is not ours.
    """
    found: list[int] = []
    for name in os.listdir("/proc") if LINUX else ():
        with contextlib.suppress(OSError, ValueError):
            at = os.readlink(f"/proc/{int(name)}/cwd")
            if f"{at}/".startswith(f"{os.fspath(folder)}/"):
                found.append(int(name))
    return found


def has_more_below(pid: int, most: int) -> bool:
    """Whether more than `most` processes are below one. Stops to count there."""
    found, queue = 0, [pid]
    while queue and found <= most:
        below = _listed(queue.pop()) if LINUX else descendants(pid)
        found += len(below)
        queue += below if LINUX else ()
    return found > most


def kill_groups(groups: Iterable[int]) -> None:
    """Kill groups of processes, each in one instant: none of them can fork out of it."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def kill_below(groups: Iterable[int] = ()) -> None:
    """Kill all processes below this one until none is left; those that they fork meanwhile too.

    What a killed process leaves becomes ours, so it ends with the system's word that we have none.
    """
    kill_groups(groups)
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            # Everything that has ended first, because each scan takes longer with more processes.
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue
            time.sleep(0.001)


def reap() -> list[tuple[int, int]]:
    """The children that have ended, with their wait status."""
    ended: list[tuple[int, int]] = []
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            ended.append((pid, status))
    return ended


def _listed(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def _statm(pid: int) -> int:
    if not LINUX:
        return _ps_resident(pid)
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _rollup(pid: int) -> int:
    if not LINUX:
        return _ps_resident(pid)
    total = 0
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", "rb") as file:
        for line in file:
            if line.startswith((b"Private_Clean:", b"Private_Dirty:")):
                total += int(line.split()[1]) * 1024
    return total


def _ps_pairs() -> list[tuple[int, int]]:
    text = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, check=False).stdout
    rows = (line.split() for line in text.splitlines())
    return [(int(row[0]), int(row[1])) for row in rows if len(row) == 2]


def _ps_resident(pid: int) -> int:
    text = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False)
    return int(text.stdout.strip() or 0) * 1024
