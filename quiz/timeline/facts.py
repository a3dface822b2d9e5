"""Computes the facts of a run. All demos have the same facts, which quiz.claims.facts lists."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from quiz.timeline.model import MEMORY, Block, Event, Response, Span


def _present(**values: Any) -> dict[str, Any]:
    """The values without None: a fact of something that did not happen is absent."""
    return {name: value for name, value in values.items() if value is not None}


def _call_facts(span: Span) -> dict[str, Any]:
    return _present(
        name=span.name,
        started_ms=span.start_ms,
        ended_ms=span.end_ms,
        took_ms=None if span.end_ms is None else span.end_ms - span.start_ms,
        running_ms=span.milliseconds("running"),
        suspended_ms=span.milliseconds("suspended"),
        lane=span.lane,
        process=span.process,
        thread=span.thread,
        error=span.error,
        attempt=span.attempt,
        background=span.background,
    )


def _response_facts(response: Response) -> dict[str, Any]:
    received = response.received_ms
    return _present(
        name=response.name,
        status=response.status,
        sent_ms=response.sent_ms,
        received_ms=received,
        took_ms=None if received is None else received - response.request_ms,
    )


def facts_of(
    events: Sequence[Event],
    spans: Sequence[Span],
    responses: Sequence[Response],
    functions: Sequence[str],
    blocks: Sequence[Block],
) -> dict[str, Any]:
    """The facts of a run that is not truncated."""
    calls = [span for span in spans if span.is_call]
    ended = sorted((s for s in calls if s.end_ms is not None), key=lambda s: s.end_ms or 0.0)
    answers = [_response_facts(response) for response in responses]
    first: dict[str, dict[str, Any]] = {}
    for span in calls:
        first.setdefault(span.name, _call_facts(span))
    names = dict.fromkeys([*functions, *(span.name for span in calls)])
    facts: dict[str, Any] = {
        "responses": answers,
        "calls": [_call_facts(span) for span in calls],
        "call": first,
        "order": [span.name for span in calls],
        "finished": [span.name for span in ended],
        "count": {name: sum(span.name == name for span in calls) for name in names},
        "lost": _lost(events),
        "undone": _undone(events, calls),
        "doubled": list(dict.fromkeys(span.name for span in calls if span.is_repeated)),
        "late_ms": _late(calls),
        "loop_blocked_ms": max((block.ms for block in blocks), default=0.0),
        "loop_blocked_total_ms": _most_blocked(blocks),
        "processes": len({span.process for span in calls}),
        "errors": [e.detail["error"] for e in events if e.detail.get("raised")],
    }
    if answers:
        facts["response"] = answers[0]
    background = [span for span in calls if span.background]
    if done := [span.end_ms for span in background if span.end_ms is not None]:
        facts["background_ms"] = max(done) - min(span.start_ms for span in background)
    return facts


def _most_blocked(blocks: Sequence[Block]) -> float:
    """The sum of all blocks of one event loop. Of several loops, the largest sum."""
    totals: Counter[int] = Counter()
    for block in blocks:
        totals[block.process] += block.ms  # type: ignore[assignment]
    return float(max(totals.values(), default=0.0))


def _lost(events: Sequence[Event]) -> list[str]:
    """Tasks that were scheduled or enqueued and never succeeded.

    A handler that waits for a thread is not counted: its request is still open.
    """
    promised = dict.fromkeys(
        e.name
        for e in events
        if e.event == "scheduled"
        or (e.event == "enqueued" and not f"{e.detail.get('queue')}".startswith(f"{e.process}-"))
    )
    kept = {e.name for e in events if e.event == "succeeded"}
    return [name for name in promised if name not in kept]


def _undone(events: Sequence[Event], calls: Sequence[Span]) -> list[str]:
    """The name of each job or call that had not ended at the end of the run.

    A job that failed without a retry has ended. Unlike `lost`, this lists each job separately.
    """
    tickets = {e.detail["call"]: e.detail["queue"] for e in events if _begins_a_job(e)}
    latest = {tickets.get(span.call, span.call): span for span in calls}
    retried = {e.detail.get("queue"): e.at_ms for e in events if e.event == "retried"}
    work = [(t, s) for t, s in latest.items() if s.lane != MEMORY and s.start_ms >= 0]
    begun = [
        span.name
        for ticket, span in work
        if span.end_ms is None or _comes_back(span, retried.get(ticket, -1.0))
    ]
    waiting = {
        e.detail["queue"]: e.name
        for e in events
        if e.event == "enqueued" and e.detail.get("queue") not in latest
    }
    listed = Counter(event.name for event in events if event.event == "scheduled")
    # A call that waits for a thread is in `scheduled` too.
    never = (listed - Counter(span.name for span in calls)) | Counter(waiting.values())
    return sorted([*begun, *never.elements()])


def _comes_back(span: Span, retried_ms: float) -> bool:
    """Whether a failed call will be retried. ARQ signals a retry by raising an error."""
    asked = (span.error or "").startswith("Retry")
    return span.ended_by == "failed" and (asked or retried_ms >= span.start_ms)


def _begins_a_job(event: Event) -> bool:
    return event.event == "started" and "queue" in event.detail and "call" in event.detail


def _late(calls: Iterable[Span]) -> dict[str, float]:
    """The longest time from the death of a job's process to the job's next start, by name."""
    late: dict[str, float] = {}
    for span in calls:
        if span.is_redelivered and span.origin:
            late[span.name] = max(late.get(span.name, 0.0), span.start_ms - span.origin.at_ms)
    return late
