"""The hooked functions that run in this process now, and what to call when each ends."""

from types import CodeType, FrameType

from quiz.runs.stage.libraries import HOOKS, Begin, End
from quiz.runs.stage.probe.probe import Probe


def has_hooks(file: str) -> bool:
    return _tail(file) in HOOKS


def hook_of(code: CodeType) -> Begin | None:
    return HOOKS.get(_tail(code.co_filename), {}).get(code.co_qualname)


class HookedCalls:
    """Calls are found by the identity of their frame."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._ends: dict[int, End] = {}

    def __contains__(self, frame: FrameType) -> bool:
        return id(frame) in self._ends

    def begin(self, frame: FrameType, begin: Begin) -> bool:
        """Whether the hook must be told when the function ends.

        Garbage collection may have closed an earlier frame of the same identity without an event.
        """
        self._ends.pop(id(frame), None)
        if end := begin(self._probe, frame):
            self._ends[id(frame)] = end
        return end is not None

    def end(self, frame: FrameType) -> None:
        if end := self._ends.pop(id(frame), None):
            end()


def _tail(file: str) -> str:
    """The last two parts of a path, by which hooks name files."""
    return "/".join(file.split("/")[-2:])
