"""An event as one line of JSON: how a process writes it, and what the supervisor accepts.

Processes that write events run the demo's code, so the supervisor checks each line. A malformed
line fails its run and no other.
"""

import json
from typing import Any

from quiz.runs.stage import wire

EVENTS = frozenset(
    {
        *("received", "responded", "scheduled", "enqueued"),
        *("started", "suspended", "resumed", "succeeded", "failed", "retried", "timed_out"),
        *("cancelled", "redelivered", "lost", "killed", "exited"),
    }
)
FIELDS: dict[str, type] = {
    "t": int,
    "event": str,
    "name": str,
    "lane": str,
    "process": int,
    "thread": str,
    "detail": dict,
}
DETAILS: dict[str, type] = {
    **dict.fromkeys(("call", "request", "queue", "within", "error", "file", "program"), str),
    **dict.fromkeys(("port", "nth", "line", "status"), int),
    "delay_ms": float,
}
NEEDED = {"received": ("request", "port", "nth"), "responded": ("request", "status")}
MOST_CHARACTERS = (500, 100, 20)


class RecordError(Exception):
    """A line is not an event."""


def line_of(record: dict[str, Any]) -> bytes:
    """One line, short enough for one write: long texts in it are shortened."""
    data = wire.pack(record)
    for most in MOST_CHARACTERS:
        if len(data) <= wire.LINE_BYTES:
            break
        data = wire.pack(_shortened(record, most))
    return data


def _shortened(value: Any, most: int) -> Any:
    match value:
        case dict():
            return {key: _shortened(below, most) for key, below in value.items()}
        case str():
            return value if len(value) <= most else f"{value[: most - 1]}…"
    return value


def read(line: bytes) -> dict[str, Any]:
    """The event, or `{"ready": pid, "port"}`. Raises RecordError."""
    if len(line) > wire.LINE_BYTES:
        raise RecordError(f"A process of this run wrote a line of {len(line):,} bytes.")
    try:
        record = json.loads(line)
    except ValueError:
        raise RecordError("A process of this run wrote a line that is no JSON.") from None
    if not isinstance(record, dict) or not (_is_ready(record) or _is_event(record)):
        raise RecordError("A process of this run wrote an event that cannot be read.")
    return record


def _is_ready(record: dict[str, Any]) -> bool:
    return record.keys() == {"ready", "port"} and all(_is(v, int) for v in record.values())


def _is_event(record: dict[str, Any]) -> bool:
    if record.keys() != FIELDS.keys() or record["event"] not in EVENTS:
        return False
    detail = record["detail"]
    if not all(_is(record[name], kind) for name, kind in FIELDS.items()):
        return False
    if not all(_is(detail[name], kind) for name, kind in DETAILS.items() if name in detail):
        return False
    if detail.get("raised") and "error" not in detail:
        return False
    return all(name in detail for name in NEEDED.get(record["event"], ()))


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
