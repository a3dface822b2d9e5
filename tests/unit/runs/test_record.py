"""Lines of events: none is too long, and what is malformed is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.runs.stage import wire
from quiz.runs.stage.probe import record
from quiz.timeline import EVENTS

SOUND: dict[str, Any] = {
    "t": 1,
    "event": "started",
    "name": "work",
    "lane": "event loop",
    "process": 7,
    "thread": "MainThread",
    "detail": {"call": "7-1"},
}
TEXTS = st.text(max_size=6000)


def test_probe_and_server_know_the_same_events() -> None:
    assert set(EVENTS) == record.EVENTS


@given(name=TEXTS, thread=TEXTS, error=TEXTS)
def test_a_line_fits_into_one_write_and_can_be_read(name: str, thread: str, error: str) -> None:
    detail = {"call": "7-1", "error": error, "raised": True}
    line = record.line_of(SOUND | {"name": name, "thread": thread, "detail": detail})
    assert len(line) <= wire.LINE_BYTES
    assert record.read(line)["detail"].keys() == detail.keys()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"event": "exploded"},
        {"t": "now"},
        {"process": True},
        {"detail": []},
        {"detail": {"call": 7}},
        {"event": "received", "detail": {"request": "7-1", "nth": 1}},
        {"event": "responded", "detail": {"request": "7-1"}},
        {"event": "failed", "detail": {"call": "7-1", "raised": True}},
    ],
)
def test_a_malformed_event_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(record.RecordError, match="cannot be read"):
        record.read(json.dumps(SOUND | change).encode())


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b"x" * 10_000, b'{"ready": 7}'])
def test_a_line_without_an_event_is_refused(line: bytes) -> None:
    with pytest.raises(record.RecordError):
        record.read(line)
