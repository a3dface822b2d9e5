"""What the stage knows about one taught library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

from quiz.runs.stage.probe.probe import Probe

End = Callable[[], None]
# Called if a hooked function starts. It returns what to call when the function ends.
Begin = Callable[[Probe, FrameType], End | None]


@dataclass(frozen=True)
class Library:
    """`name` is the package, `title` its name for people.

    `hooks` name functions by the last two parts of their file and by their qualified name.
    `connect` runs when a process installs the probe. `warm` are modules that the zygote imports
    when a run first imports the library. `role_words` are the words of its commands that name a
    lane: `celery beat`.
    """

    name: str
    title: str
    needs_broker: bool = False
    hooks: Mapping[str, Mapping[str, Begin]] = field(default_factory=dict)
    connect: Callable[[Probe], None] | None = None
    warm: tuple[str, ...] = ()
    role_words: tuple[str, ...] = ()
