"""The timeline of a run: its events, and the spans, responses and facts computed from them.

No clock and no I/O, so live runs, stored runs and proofs use the same code. Times are milliseconds
since the first request, and negative before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quiz.timeline.blocks import BLOCKED_FROM_MS, blocks_of, last_ms, most_at_once, overlap_ms
from quiz.timeline.contradictions import contradictions
from quiz.timeline.facts import facts_of
from quiz.timeline.model import (
    CLIENT,
    ENDS,
    EVENTS,
    LOOP,
    MEMORY,
    UNRECORDED,
    Block,
    Curve,
    Event,
    Part,
    Process,
    Response,
    RunEnd,
    Span,
    State,
)
from quiz.timeline.spans import processes_of, responses_of, spans_of, unrecorded

__all__ = [
    "BLOCKED_FROM_MS",
    "CLIENT",
    "ENDS",
    "EVENTS",
    "LOOP",
    "MEMORY",
    "UNRECORDED",
    "Block",
    "Curve",
    "Event",
    "Part",
    "Process",
    "Response",
    "RunEnd",
    "Span",
    "State",
    "Timeline",
    "last_ms",
    "most_at_once",
    "overlap_ms",
]


@dataclass(frozen=True)
class Timeline:
    """All that is known about a run, in milliseconds.

    `end_ms` is the last known instant. `truncated`: there were more events than a run keeps, so
    facts that depend on all events are absent.
    """

    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    responses: tuple[Response, ...]
    facts: Mapping[str, Any]
    end_ms: float
    processes: tuple[Process, ...] = ()
    curves: tuple[Curve, ...] = ()
    blocks: tuple[Block, ...] = ()
    end: RunEnd | None = None
    truncated: bool = False

    @classmethod
    def build(
        cls,
        events: Iterable[Event],
        *,
        functions: Iterable[str] = (),
        parameters: Mapping[str, float] | None = None,
        environment: str = "",
        extra: Mapping[str, Any] | None = None,
        curves: Iterable[Curve] = (),
        end: RunEnd | None = None,
        truncated: bool = False,
    ) -> "Timeline":
        """Sorts the events, and computes spans and facts from them.

        `functions` are those of the variant's files. `end` is None during the run.
        """
        ordered = tuple(sorted(events, key=lambda e: (e.at_ms, e.id)))
        spans = spans_of(ordered)
        if truncated:
            spans = tuple(map(unrecorded, spans))
        responses = responses_of(ordered)
        end_ms = max([0.0, *(event.at_ms for event in ordered), end.at_ms if end else 0.0])
        is_whole = end is not None and not truncated
        calls = (span for span in spans if span.is_call)
        blocks = blocks_of(calls, end_ms if is_whole else None)
        known = ordered, spans, responses, tuple(functions), blocks
        facts = {} if truncated else facts_of(*known)
        of_the_run = {"parameters": dict(parameters or {}), "environment": environment}
        return cls(
            events=ordered,
            spans=spans,
            responses=responses,
            facts=facts | of_the_run | {"extra": dict(extra or {})},
            end_ms=end_ms,
            processes=processes_of(ordered),
            curves=tuple(curves),
            blocks=blocks,
            end=end,
            truncated=truncated,
        )

    @property
    def timing_error_ms(self) -> float:
        """The smallest difference between two instants that counts, in ms."""
        return self.end.timing_error_ms if self.end else 0.0

    @property
    def stopped_ms(self) -> float | None:
        """When the run was stopped; None if its scenario ended."""
        return self.end.at_ms if self.end and self.end.stopped else None

    @cached_property
    def contradictions(self) -> tuple[str, ...]:
        """Impossible events, a sentence for each."""
        return () if self.truncated else contradictions(self.events)
