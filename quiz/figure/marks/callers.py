"""The caller of each call of a demo, found from threads and times alone."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from quiz.figure.words import short_error
from quiz.timeline import Event, Span

AROUND_MS = 5.0  # the time that a wrapper takes before and after the call inside


class Callers:
    """The calls of a timeline in time order, each with its caller."""

    def __init__(self, spans: Iterable[Span], events: Iterable[Event]) -> None:
        self._made: dict[str, list[Span]] = {}
        self.outermost: list[Span] = []
        # A pool's threads may share one name, so the first call of a thread is known by its ticket.
        begun = _from_a_queue(events)
        active: list[Span] = []
        for span in spans:
            active = [a for a in active if a.end_ms is None or a.end_ms > span.start_ms]
            callers = [] if span.call in begun else [a for a in active if _calls(a, span)]
            if callers:
                self._made.setdefault(callers[-1].call, []).append(span)
            else:
                self.outermost.append(span)
            active.append(span)

    def unwrapped(self, calls: Sequence[Span]) -> list[Span]:
        """If several calls of one name only wrap another call, the wrapped calls: they say more."""
        names = Counter(span.name for span in calls)
        return [self._wrapped_by(span) if names[span.name] > 1 else span for span in calls]

    def _wrapped_by(self, span: Span) -> Span:
        made = self._made.get(span.call, [])
        if len(made) != 1 or not _around(span, made[0]):
            return span
        error = short_error(made[0].error)
        caught = error and span.ended_by == "succeeded"
        return replace(made[0], error=f"{error}, which was caught") if caught else made[0]


def _from_a_queue(events: Iterable[Event]) -> Set[str]:
    return {e.detail["call"] for e in events if e.event == "started" and "queue" in e.detail}


def _calls(outer: Span, inner: Span) -> bool:
    """Whether `outer` can have called `inner`: it held that thread when `inner` started."""
    if outer.process != inner.process or outer.background != inner.background:
        return False
    return any(
        part.state == "running"
        and part.thread == inner.thread
        and part.start_ms <= inner.start_ms
        and (part.end_ms is None or inner.start_ms < part.end_ms)
        for part in outer.parts
    )


def _around(outer: Span, inner: Span) -> bool:
    if outer.end_ms is None or inner.end_ms is None:
        return False
    before, after = inner.start_ms - outer.start_ms, outer.end_ms - inner.end_ms
    return 0 <= before <= AROUND_MS and 0 <= after <= AROUND_MS
