"""One execution of a demo's variant: what was asked, what has been seen of it so far, how it ended.

A value with no I/O. `runs` fills it while it lives; `records` turns it into JSON and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from quiz.timeline import Event, Timeline

Status = Literal["queued", "running", "finished", "failed", "timed_out", "cancelled"]
ENDED = frozenset({"finished", "failed", "timed_out", "cancelled"})
# A known sleep that is off by more makes a run "machine too busy": it decides nothing.
DISTURBED_FROM_MS = 15.0


@dataclass
class Run:
    """`seconds` is what the variant says it takes.

    `extra` maps a demo's own facts to value, title and unit.
    `fault` says who is to blame for a run that did not finish: the demo, a limit, or the app.
    """

    id: str
    demo: str
    variant: str
    environment: str
    parameters: Mapping[str, float]
    seconds: float
    memory_mb: int
    created: datetime
    source: Mapping[str, str]
    functions: tuple[str, ...]
    learner: str | None = None
    status: Status = "queued"
    versions: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    output_bytes: int = 0
    events: list[Event] = field(default_factory=list)
    events_seen: int = 0
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    fault: str | None = None
    reason: str | None = None
    timing_error_ms: float | None = None
    zero_ns: int | None = None  # zero on the machine's monotonic clock
    started: datetime | None = None
    ended: datetime | None = None
    place: int | None = None
    wait_seconds: float | None = None
    revision: int = 0
    _timeline: tuple[int, Timeline] | None = field(default=None, repr=False)

    @property
    def is_over(self) -> bool:
        return self.status in ENDED

    @property
    def disturbed(self) -> bool:
        """The machine was too busy for its timing to be believed."""
        return self.timing_error_ms is not None and self.timing_error_ms > DISTURBED_FROM_MS

    @property
    def timeline(self) -> Timeline:
        """Made anew only when something was added."""
        if self._timeline is None or self._timeline[0] != self.revision:
            timeline = Timeline.build(
                self.events,
                functions=self.functions,
                parameters=self.parameters,
                environment=self.environment,
                extra={name: fact["value"] for name, fact in self.extra.items()},
            )
            self._timeline = (self.revision, timeline)
        return self._timeline[1]
