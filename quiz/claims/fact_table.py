"""The fact schema as a Markdown table, for authors of claims."""

from collections.abc import Iterator
from typing import Any

from quiz.claims.facts import FACT_SCHEMA, Fact

HEAD = "| fact | type | what it is |\n|---|---|---|\n"
TYPES = {
    "double": "number",
    "int": "number",
    "string": "text",
    "bool": "true or false",
    "list": "list of texts",
    "any": "what the scenario says",
}
NAMES = {"parameters": "PARAMETER", "extra": "NAME"}
MEANINGS = {
    "response": "the first response; `has(response.status)` is false if there was none",
    "responses": "each response, in the order of the requests, with the same facts below it",
    "calls": "each call, in the order of the starts, with the same facts below it as in `call`",
    "call": "the first call of the function",
    "name": "the name of the function",
    "started_ms": "when it started, in ms after the first request",
    "ended_ms": "when it ended",
    "took_ms": "from its start to its end",
    "response.took_ms": "from the request until the client had received it",
    "response.name": "the method and path of its request",
    "running_ms": "how long it ran",
    "suspended_ms": "how long it waited at an `await`",
    "lane": "where it ran: `event loop`, `thread pool`, or a worker such as `rq worker`",
    "process": "the id of its process",
    "thread": "the name of its thread",
    "error": "what it raised: `ValueError: no such order`",
    "attempt": "which attempt of its job it was, from 1",
    "background": "whether it ran as a background task",
    "status": "its HTTP status",
    "sent_ms": "when the server had sent it",
    "received_ms": "when the client had received it",
    "order": "the functions in the order in which their calls started",
    "finished": "the functions in the order in which their calls ended",
    "count": "how often the function was called",
    "background_ms": "from the start of the first background task to the end of the last",
    "lost": "functions that were scheduled or enqueued and never succeeded",
    "undone": "work that was promised or begun and had not ended when the run did",
    "doubled": "functions whose work was begun again",
    "late_ms": "how long its work was idle after a process died, until it began again",
    "loop_blocked_ms": "the longest time for which the event loop was blocked",
    "loop_blocked_total_ms": "all of the time for which the event loop was blocked",
    "processes": "how many processes ran functions of the demo",
    "errors": "each error, once, of the function that raised it",
    "parameters": "the value of the demo's parameter",
    "environment": "the environment in which it ran",
    "extra": "a fact that scenario.py adds with `stage.fact()`",
}


def fact_table() -> str:
    rows = [f"| `{path}` | {kind} | {what} |" for path, kind, what in _rows()]
    return f"{HEAD}{chr(10).join(rows)}\n"


def _rows() -> Iterator[tuple[str, str, str]]:
    for name, below in FACT_SCHEMA.items():
        if isinstance(below, Fact):
            yield name, TYPES[below.type], MEANINGS[name]
        elif "[]" in below:
            yield f"{name}[0]", "facts", MEANINGS[name]
        elif "*" in below:
            path = f"{name}.{NAMES.get(name, 'FUNCTION')}"
            if isinstance(below["*"], Fact):
                yield path, TYPES[below["*"].type], MEANINGS[name]
            else:
                yield from _below(path, below["*"], MEANINGS[name])
        else:
            yield from _below(name, below, MEANINGS[name])


def _below(path: str, facts: dict[str, Any], whole: str) -> Iterator[tuple[str, str, str]]:
    yield path, "facts", whole
    for name, fact in facts.items():
        yield f"{path}.{name}", TYPES[fact.type], MEANINGS.get(f"{path}.{name}", MEANINGS[name])
