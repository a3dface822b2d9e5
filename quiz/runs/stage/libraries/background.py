"""Hooks of functions whose calls are background work."""

from types import FrameType

from quiz.runs.stage.libraries.library import End
from quiz.runs.stage.probe.context import background
from quiz.runs.stage.probe.probe import Probe


def in_background(_probe: Probe, _frame: FrameType) -> End:
    # After the function, the same request may run code that is not background work, such as the
    # exit code of a dependency.
    before = background.get()
    background.set(True)
    return lambda: _restore(before)


def _restore(before: bool) -> None:
    background.set(before)
