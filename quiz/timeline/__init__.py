"""What happened in a run: events become spans, responses and facts.

Pure: no clock, no I/O. The same code serves a live run, a stored one and the proof of a key. It
knows nothing of processes, pages or questions; times are milliseconds since the scenario's zero,
negative before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quiz.timeline.facts import facts_of, holding
from quiz.timeline.model import (
    CLIENT,
    ENDS,
    EVENTS,
    LOOP,
    MEMORY,
    Curve,
    Event,
    Part,
    Process,
    Response,
    Span,
    State,
)
from quiz.timeline.spans import processes_of, responses_of, spans_of

__all__ = [
    "CLIENT",
    "ENDS",
    "EVENTS",
    "LOOP",
    "MEMORY",
    "Curve",
    "Event",
    "Part",
    "Process",
    "Response",
    "Span",
    "State",
    "Timeline",
    "holding",
]


@dataclass(frozen=True)
class Timeline:
    """All of a run. `end_ms` is the last instant known."""

    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    responses: tuple[Response, ...]
    facts: Mapping[str, Any]
    end_ms: float
    processes: tuple[Process, ...] = ()
    curves: tuple[Curve, ...] = ()

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
    ) -> "Timeline":
        """Put the events in order and say what they amount to.

        `functions` are all of the variant's files.
        """
        ordered = tuple(sorted(events, key=lambda e: (e.at_ms, e.id)))
        spans = spans_of(ordered)
        responses = responses_of(ordered)
        facts = facts_of(ordered, spans, responses, tuple(functions))
        facts["parameters"] = dict(parameters or {})
        facts["environment"] = environment
        facts["extra"] = dict(extra or {})
        end = max((event.at_ms for event in ordered), default=0.0)
        return cls(
            events=ordered,
            spans=spans,
            responses=responses,
            facts=facts,
            end_ms=max(end, 0.0),
            processes=processes_of(ordered),
            curves=tuple(curves),
        )
