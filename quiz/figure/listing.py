"""The timeline as a table with a row per span, and as steps with one per event."""

from collections.abc import Mapping, Sequence

from quiz.figure import words
from quiz.figure.marks.bars import hue
from quiz.figure.model import Row, Step
from quiz.figure.scale import Scale
from quiz.timeline import CLIENT, MEMORY, Event, Process, Span, State

PLAIN = {CLIENT: "answered", MEMORY: "freed"}


def row(number: int, span: Span, live: bool) -> Row:
    cells = (
        span.name if span.attempt < 2 else f"{span.name} · attempt {span.attempt}",
        span.lane,
        span.thread,
        str(span.process),
        words.duration(span.start_ms, exact=True),
        "" if span.end_ms is None else words.duration(span.end_ms, exact=True),
        _spent(span, "running"),
        _spent(span, "suspended"),
        _spent(span, "queued"),
        _outcome(span, live),
        f"{span.file}:{span.line}" if span.file else "",
    )
    return Row(number, span.call, hue(span.lane), cells, span.file or "", span.line)


def program(process: Process) -> tuple[str, ...]:
    ended = "went on to the end"
    if process.end_ms is not None:
        ended = f"{words.end_of(process)} {words.instant(process.end_ms)}"
        if process.error:
            ended += f": {process.error}"
    return process.name, str(process.pid), words.instant(process.start_ms), ended


def _spent(span: Span, state: State) -> str:
    """Empty for a request: the client's thread is not part of the lesson."""
    ms = span.milliseconds(state)
    return words.duration(ms, exact=True) if ms and span.lane != CLIENT else ""


def _outcome(span: Span, live: bool) -> str:
    word = words.ending(span, live)
    if span.end_ms is None and not word:
        return "went on to the end"
    if not word:
        return PLAIN.get(span.lane, "returned")
    return f"{word}: {span.error}" if span.error else word


def steps(events: Sequence[Event], spans: Sequence[Span], scale: Scale) -> tuple[Step, ...]:
    drawn = {span.call for span in spans}
    waiting = {e.detail["queue"]: e.detail["call"] for e in events if _took_from_queue(e.detail)}
    return tuple(_step(event, drawn, waiting, scale) for event in events)


def _took_from_queue(detail: Mapping[str, object]) -> bool:
    return "queue" in detail and "call" in detail


def _step(event: Event, drawn: set[str], waiting: Mapping[str, str], scale: Scale) -> Step:
    call = event.detail.get("call") or waiting.get(event.detail.get("queue", ""), "")
    return Step(
        at_ms=event.at_ms,
        at=words.duration(event.at_ms, exact=True),
        place=scale.place(event.at_ms),
        text=words.sentence_of(event),
        span=f"span-{call}" if call in drawn else "",
    )
