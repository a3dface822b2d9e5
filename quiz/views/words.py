"""Numbers, times and the names of facts in words for learners."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

MISSING = "did not happen"

WHOLE = {
    "background_ms": "Background work took",
    "loop_blocked_ms": "Longest block of the event loop",
    "lost": "Lost",
    "order": "Order of starts",
    "finished": "Order of ends",
    "errors": "Errors",
    "processes": "Processes",
    "environment": "Environment",
}
RESPONSE = {
    "status": "status",
    "sent_ms": "sent after",
    "received_ms": "with the client after",
    "request_ms": "asked for after",
    "name": "request",
}
CALL = {
    "started_ms": "started after",
    "ended_ms": "ended after",
    "took_ms": "took",
    "running_ms": "held its thread for",
    "suspended_ms": "waited for",
    "lane": "ran in",
    "process": "ran in process",
    "thread": "ran in thread",
    "error": "raised",
    "attempt": "attempt",
    "background": "in the background",
}
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def seconds(value: float) -> str:
    """3.0 is "3 s", 0.25 is "0.25 s"."""
    return f"{value:g} s"


def duration(ms: float) -> str:
    """Three digits at most: "0.8 ms", "62 ms", "3.01 s"."""
    if abs(ms) < 10:
        return f"{ms:.1f} ms"
    if abs(ms) < 1000:
        return f"{ms:.0f} ms"
    return f"{ms / 1000:.2f} s"


def day(at: datetime, now: datetime | None = None) -> str:
    """ "21 Nov", and the year where it is another than this one's."""
    year = "" if at.year == (now or datetime.now(UTC)).year else f" {at.year}"
    return f"{at.day} {at:%b}{year}"


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def score(value: float | None) -> str:
    """A grade as a learner reads it; None is an answer that was shown, not given."""
    if value is None:
        return "–"
    return f"{value * 100:.0f} %"


def fact_label(path: str, titles: Mapping[str, str]) -> str:
    """`call.task_b.started_ms` as "task_b started after"; `titles` name the parameters and extra facts."""
    if path in WHOLE:
        return WHOLE[path]
    head, *rest = [name or f"[{index}]" for name, index in STEP.findall(path)]
    if head in ("parameters", "extra") and rest:
        return titles.get(rest[0], rest[0].replace("_", " "))
    if head == "count" and rest:
        return f"Calls of {rest[0]}"
    if head == "call" and len(rest) == 2:
        return f"{rest[0]} {CALL.get(rest[1], rest[1])}"
    if head == "response" and rest:
        return f"Response {RESPONSE.get(rest[0], rest[0])}"
    if head == "responses" and len(rest) == 2:
        return f"Response {int(rest[0][1:-1]) + 1} {RESPONSE.get(rest[1], rest[1])}"
    return path


def fact_value(path: str, value: Any) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, int | float):
        return duration(value) if path.endswith("_ms") else f"{value:g}"
    return str(value)


def resolve(facts: Mapping[str, Any], path: str) -> Any:
    """The value at `call.task_b.started_ms` or `responses[1].status`; None where there is none."""
    value: Any = facts
    for name, index in STEP.findall(path):
        if name and isinstance(value, Mapping):
            value = value.get(name)
        elif index and isinstance(value, Sequence) and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value
