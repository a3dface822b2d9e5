"""The process tree below a process: its pids, its memory, and how to end it.

It reads /proc on Linux and `ps` on macOS. The limits of a run use these counts: RLIMIT_NPROC does
not limit root, and it counts all processes of a user.
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
# Loaded before any fork, so that no run has to load it.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def adopt_orphans() -> None:
    """Become a sub-reaper: orphans of the tree become children of this process, not of init."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Receive SIGKILL when the parent ends. Linux only."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def wake_on_child_exit() -> int:
    """A descriptor that becomes readable if a child of this process ends."""
    wake, end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(end, warn_on_full_buffer=False)
    return wake


def threads() -> int:
    """The number of threads, including threads of C code, which `threading` does not know."""
    return len(os.listdir("/proc/self/task")) if LINUX else 1


def children(pid: int) -> list[int]:
    """The direct children of a process, [] if the process has ended."""
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
    """The children of a process and all processes below them."""
    found, queue = [], children(pid)
    while queue:
        child = queue.pop()
        found.append(child)
        queue += children(child)
    return found


def resident_bytes(pids: Iterable[int]) -> int:
    """The resident memory of the processes: cheap to read, and too high.

    Pages that they share with the zygote count once for each process.
    """
    return sum(_statm(pid) for pid in pids)


def private_bytes(pids: Iterable[int]) -> int:
    """The memory that is free if the processes end: exact, about 0.3 ms per process."""
    return sum(_rollup(pid) for pid in pids)


def working_in(folder: os.PathLike[str]) -> list[int]:
    """The processes of this user that have their working directory in a folder. Linux only."""
    found: list[int] = []
    for name in os.listdir("/proc") if LINUX else ():
        with contextlib.suppress(OSError, ValueError):
            at = os.readlink(f"/proc/{int(name)}/cwd")
            if f"{at}/".startswith(f"{os.fspath(folder)}/"):
                found.append(int(name))
    return found


def has_more_below(pid: int, most: int) -> bool:
    """Whether a process has more than `most` processes below it. Stops counting there."""
    found, queue = 0, [pid]
    while queue and found <= most:
        below = _listed(queue.pop()) if LINUX else descendants(pid)
        found += len(below)
        queue += below if LINUX else ()
    return found > most


def kill_groups(groups: Iterable[int]) -> None:
    """Kill process groups. One signal kills a whole group, so no process can escape by a fork."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def kill_below(groups: Iterable[int] = ()) -> None:
    """Kill all processes below this process, and those that they fork meanwhile.

    Orphans become children of this process. The loop ends when the system reports no children.
    """
    kill_groups(groups)
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            # Reap before the next scan, because a scan takes longer with more processes.
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue
            time.sleep(0.001)


def reap() -> list[tuple[int, int]]:
    """Reap the children that have ended: their pids and wait statuses."""
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
