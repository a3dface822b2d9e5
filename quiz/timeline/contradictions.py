"""Finds impossible events. A run that has any decides nothing.

A truncated run is not checked, because missing events look like contradictions.
"""

from collections.abc import Iterable, Iterator, Sequence

from quiz.timeline.model import ENDS, Event


def contradictions(events: Sequence[Event]) -> tuple[str, ...]:
    """A sentence for each impossible event, sorted by time."""
    return (*_of_calls(events), *_of_requests(events))


def _of_calls(events: Iterable[Event]) -> Iterator[str]:
    """A call starts once, is suspended and resumed in turn, and ends at most once."""
    states: dict[str, str] = {}
    for event in events:
        call = event.detail.get("call")
        if call is None:
            continue
        state = states.get(call)
        match event.event:
            case "started":
                if state is not None:
                    yield f"{event.name} started a second time as the same call."
                states[call] = "running"
            case "suspended" | "resumed" | "succeeded" | "failed" | "timed_out" | "cancelled":
                if state is None:
                    yield f"{event.name} {_words(event)} without a start."
                elif state == "ended":
                    yield f"{event.name} {_words(event)} after its end."
                elif event.event == "suspended" and state == "suspended":
                    yield f"{event.name} was suspended twice without going on."
                elif event.event == "resumed" and state == "running":
                    yield f"{event.name} went on without having been suspended."
                states[call] = _next(event.event)


def _words(event: Event) -> str:
    return {"suspended": "was suspended", "resumed": "went on"}.get(event.event, "ended")


def _next(event: str) -> str:
    if event in ENDS:
        return "ended"
    return "suspended" if event == "suspended" else "running"


def _of_requests(events: Iterable[Event]) -> Iterator[str]:
    """The server receives a request once, before it responds and before it calls the handler."""
    received: set[str] = set()
    asked: set[tuple[int, int, int]] = set()
    for event in events:
        request = event.detail.get("request")
        if event.event == "received":
            connection = (event.process, event.detail["port"], event.detail["nth"])
            if request in received or connection in asked:
                yield f"The server received {event.name} twice as the same request."
            received.add(str(request))
            asked.add(connection)
        elif event.event == "responded" and request not in received:
            yield f"The server answered {event.name} without having received it."
        elif event.event == "started" and event.detail.get("within", request) not in {
            request,
            *received,
        }:
            yield f"{event.name} was called for a request that the server never received."
