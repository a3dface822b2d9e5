"""The facts of a run: one table, their paths and their words."""

from typing import Any

import pytest

from quiz.claims.facts import (
    FACT_SCHEMA,
    Names,
    UnknownFactError,
    fact_at,
    milliseconds,
    resolve,
    says,
    steps,
)
from quiz.timeline import Timeline
from tests.timelines import Script

NAMES = Names(("task_a", "task_b"), {"task_a_seconds": "double", "tokens": "int"}, ("lines",))


def paths_of(facts: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(facts, dict):
        return [path for k, v in facts.items() for path in paths_of(v, (*above, k))]
    if isinstance(facts, list) and facts and isinstance(facts[0], dict):
        return [path for i, v in enumerate(facts) for path in paths_of(v, (*above, i))]
    return [above]


def test_every_fact_of_a_timeline_is_in_the_schema() -> None:
    script = Script()
    script.request("POST /items", 0.0, 5.0, 6.0)
    script.call("task_a", 7.0, 9.0, background=True)
    script.call("task_b", 9.0, 12.0, error="ValueError: no", ended="failed")
    timeline = Timeline.build(
        script.events,
        functions=["task_a", "task_b"],
        parameters={"task_a_seconds": 2.0},
        environment="current",
        extra={"lines": 1},
    )
    for path in paths_of(dict(timeline.facts)):
        assert fact_at(path, NAMES).type != "map"
    assert set(timeline.facts) == set(FACT_SCHEMA)


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("responce.status", "Did you mean response?"),
        ("response.sent", "Did you mean sent_ms?"),
        ("call.task_c.took_ms", "Did you mean task_b?"),
        ("call.task_a.tok_ms", "Did you mean took_ms?"),
        ("count.tas_a", "Did you mean task_a?"),
        ("parameters.tokns", "Did you mean tokens?"),
        ("extra.line", "Did you mean lines?"),
        ("calls.took_ms", "Write calls[0].took_ms."),
        ("call[0]", "Write call. and a name."),
        ("background_ms.value", "Remove what follows background_ms."),
        ("call.*.took_ms", "There are: task_a, task_b."),
    ],
)
def test_an_unknown_path_is_refused_with_a_remedy(path: str, mend: str) -> None:
    with pytest.raises(UnknownFactError) as caught:
        fact_at(steps(path), NAMES)
    assert caught.value.mend == mend


def test_the_type_of_a_fact_can_come_from_the_demo() -> None:
    assert fact_at(steps("parameters.tokens"), NAMES).type == "int"
    assert fact_at(steps("parameters.task_a_seconds"), NAMES).type == "double"
    assert fact_at(steps("order[0]"), NAMES).type == "string"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("call.task_b.started_ms", 2004.2, "task_b started at 2.00 s"),
        ("call.task_b.started_ms", None, "task_b never started"),
        ("response.status", 200, "the response had status 200"),
        ("responses[1].sent_ms", 6.13, "response 2 was sent at 6.1 ms"),
        ("count.task_b", 0, "task_b never ran"),
        ("count.task_b", 3, "task_b ran 3 times"),
        ("background_ms", 3010.0, "background work took 3.01 s"),
        ("background_ms", None, "no background work ended"),
        ("order", ["a", "b"], "started in this order: a, b"),
        ("lost", [], "lost: none"),
        ("undone", ["bill", "send", "send"], "lost or not done: bill, send × 2"),
        ("late_ms.bill", 2049.9, "bill lay idle for 2.05 s"),
        ("call.task_a.background", True, "task_a in the background: yes"),
        ("call.task_a.error", None, "task_a raised nothing"),
        ("parameters.task_a_seconds", 2.0, "task a seconds: 2"),
        ("extra.log_lines", 1, "log lines: 1"),
        ("extra.ping_ms", 320.4, "ping: 320 ms"),
        ("environment", None, "environment: unknown"),
    ],
)
def test_a_fact_is_described_in_words(path: str, value: object, words: str) -> None:
    assert says(path, value) == words


def test_a_value_is_found_by_its_path() -> None:
    facts = {"calls": [{"name": "a"}], "call": {"a": {"took_ms": 1.0}}}
    assert resolve(facts, "calls[0].name") == "a"
    assert resolve(facts, "call.a.took_ms") == 1.0
    assert resolve(facts, "calls[1].name") is None
    assert resolve(facts, "call.b.took_ms") is None


def test_milliseconds_have_only_significant_digits() -> None:
    assert [milliseconds(ms) for ms in (0.84, 62.0, 320.4, -1500.0)] == [
        "0.8 ms",
        "62.0 ms",
        "320 ms",
        "-1.50 s",
    ]
