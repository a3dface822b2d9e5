"""Objects that report their end: if a class has `__del__`, its objects have spans from `__init__`.

Such an object is one span in the lane "memory", instead of two calls.
"""

from types import FrameType

from quiz.runs.stage.probe.demo_code import DemoCode
from quiz.runs.stage.probe.writer import EventWriter

LANE = "memory"


class Objects:
    """The living objects, by identity: the id and the name of their span."""

    def __init__(self, writer: EventWriter, code: DemoCode) -> None:
        self._writer = writer
        self._code = code
        self._living: dict[int, tuple[str, str]] = {}

    def on_start(self, frame: FrameType, t: int) -> bool:
        """False if the method that starts does not belong to such an object."""
        code = frame.f_code
        if not code.co_argcount:
            return False
        made = frame.f_locals.get(code.co_varnames[0])
        kind = type(made)
        method = getattr(getattr(kind, code.co_name, None), "__code__", None)
        if method is not code or not hasattr(kind, "__del__"):
            return False
        if code.co_name == "__init__":
            call, name = self._living[id(made)] = (self._writer.serial(), kind.__name__)
            self._writer.emit("started", name, LANE, {"call": call, **self._code.place_of(code)}, t)
        elif id(made) in self._living:
            call, name = self._living.pop(id(made))
            self._writer.emit("succeeded", name, LANE, {"call": call}, t)
        return True
