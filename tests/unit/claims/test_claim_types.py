"""Types in claims: a claim that can never be true is refused."""

from typing import Any

import pytest

from quiz.claims.expression import Claim
from quiz.claims.facts import Names

NAMES = Names(("task_a", "task_b"), {"tokens": "int"}, ("lines", "x_ms"))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "calls.filter(c, c.background)[0].name == 5",
            "calls.filter(c, c.background)[0].name is a text and 5 is a number",
        ),
        (
            'calls.filter(c, c.background)[0]["name"] == 5',
            'calls.filter(c, c.background)[0]["name"] is a text and 5 is a number',
        ),
        (
            "calls.filter(c, c.background).exists(d, d.name == 5)",
            "d.name is a text and 5 is a number",
        ),
        (
            "calls.filter(c, c.background).map(d, d.name).exists(n, n == 5)",
            "n is a text and 5 is a number",
        ),
        ("calls.map(c, c.name)[0] == 5", "calls.map(c, c.name)[0] is a text and 5 is a number"),
        ("calls.map(c, c.background, c.name)[0] == 5", "is a text and 5 is a number"),
        ("calls.map(c, c.name).exists(n, n == 5)", "n is a text and 5 is a number"),
        (
            'calls.map(c, c.started_ms) == ["a"]',
            'calls.map(c, c.started_ms) is a list of numbers and ["a"] is a list of texts',
        ),
        ('environment == b"current"', 'environment is a text and b"current" is bytes'),
        (
            'background_ms == duration("3s")',
            'background_ms is a number and duration("3s") is a duration',
        ),
        (
            'background_ms == timestamp("2026-01-01T00:00:00Z")',
            'is a number and timestamp("2026-01-01T00:00:00Z") is a timestamp',
        ),
        ('{"n": environment}["n"] == 5', '{"n": environment}["n"] is a text and 5 is a number'),
        ('{"n": environment}.n == 5', '{"n": environment}.n is a text and 5 is a number'),
        ("dyn(environment) == 5", "dyn(environment) is a text and 5 is a number"),
        ("calls == order", "calls is a list of objects and order is a list of texts"),
        ("responses == errors", "responses is a list of objects and errors is a list of texts"),
        ('"task_a" in calls', '"task_a" is a text and each item of calls is an object'),
        ("1 in count", "1 is a number and each key of count is a text"),
        ("environment in {200: true}", "each key of {200: true} is a number"),
        (
            "order == [5]",
            "order is a list of texts and [5] is a list of numbers, so this is never true. "
            "Compare order with a list of texts.",
        ),
        (
            "calls.exists(c, order.exists(c, c == 5) && c.background)",
            "c is a text and 5 is a number",
        ),
        ("calls.exists(c, order.exists(o, o != '') && c.name == 5)", "c.name is a text and 5"),
        ("order.exists(response, true) && response.status == '200'", "response.status is a number"),
        ("[order, errors].exists(list, list == [1])", "list is a list of texts and [1]"),
    ],
)
def test_a_comparison_of_different_types_is_refused(source: str, problem: str) -> None:
    faults = Claim.parse(source).problems(NAMES)
    assert [fault.column for fault in faults] != [0]
    assert problem in f"{faults[0].reason}. {faults[0].mend}"


@pytest.mark.parametrize(
    "source",
    [
        "calls.exists(c, responses.exists(c, c.status == 500) && c.background)",
        'order.exists(response, response == "task_a") && response.status == 200',
        'calls.map(c, c.name).exists(n, n == "task_a")',
        "calls.map(c, c.started_ms)[0] + 1 > 5",
        'calls.filter(c, c.background)[0].name == "task_a"',
        "calls.filter(c, c.background) == []",
        'dyn(environment) == "current"',
        '{"n": environment, "m": 5}["n"] == 5 || count.task_a == 1',
        "[environment, 5][0] == 5 || count.task_a == 1",
        "(count.task_a == 1 ? dyn(environment) : 5) == 5",
        'timestamp("2026-01-01T00:00:02Z") - timestamp("2026-01-01T00:00:00Z") == duration("2s")'
        " && count.task_a == 1",
        "bytes(environment) == b'current'",
        "extra.lines == 'a' || extra.lines == 5 || extra.lines == null || extra.lines == [1]",
        "extra.x_ms == 'none'",
        "extra.lines.exists(line, line == 'a') || extra.lines[0].name == 5",
        "calls.exists(c, c.name in order) && 'task_a' in call",
        "call.exists(name, call[name].took_ms > 5)",
        "[1, 'a'].exists(x, x == environment)",
        "[[], [1]].exists(list, list == order)",
        "order + errors == ['a']",
        "{'a': 1}.exists(key, key == environment)",
    ],
)
def test_a_claim_that_can_be_true_is_accepted(source: str) -> None:
    assert Claim.parse(source).problems(NAMES) == []


CALLS = [{"name": "task_a", "background": True}, {"name": "task_b", "background": False}]
FACTS: dict[str, Any] = {
    "calls": CALLS,
    "response": {"status": 200},
    "responses": [{"status": 500}],
    "order": ["task_a", "task_b"],
    "extra": {"lines": [{"name": "first"}, {"name": "second"}]},
}


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("calls.exists(c, responses.exists(c, c.status == 500) && c.background)", True),
        ("calls.exists(c, responses.exists(c, c.status == 404) && c.background)", False),
        ('order.exists(response, response == "task_a") && response.status == 200', True),
        ('order.exists(response, response == "task_a") && response.status == 404', False),
        ("calls.filter(order, order.background).size() == 1 && order.size() == 2", True),
        ("extra.lines.exists(line, line.name == 'second')", True),
        ("extra.lines[0].name == 'second'", False),
    ],
)
def test_the_variable_of_a_macro_is_local_to_its_brackets(source: str, held: bool) -> None:
    outcome = Claim.parse(source).check(FACTS)
    assert (outcome.held, outcome.error) == (held, None)


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        (
            'order.exists(response, response == "a") && response.status == 1',
            ["order", "response.status"],
        ),
        ("calls.exists(c, responses.exists(c, c.status == 500))", []),
        ("extra.lines[0].name == 'a' && extra['lines'].size() == 1", ["extra.lines"]),
        (
            "call[r'task_a'].took_ms > call['''task_b'''].took_ms",
            ["call.task_a.took_ms", "call.task_b.took_ms"],
        ),
    ],
)
def test_paths_of_variables_are_not_paths_of_facts(source: str, paths: list[str]) -> None:
    assert Claim.parse(source).paths() == paths


def test_the_variable_of_a_macro_is_unknown_after_its_brackets() -> None:
    (fault,) = Claim.parse("calls.exists(c, c.background) && c.attempt == 1").problems(NAMES)
    assert (fault.column, fault.reason) == (34, "no run has c")


@pytest.mark.parametrize(
    ("source", "column"),
    [
        (".background_ms > 1", 1),
        ("count.task_a == 1 && .background_ms > 1", 22),
        ("has(.call.task_a)", 5),
    ],
)
def test_a_dot_before_a_fact_is_reported_at_the_dot(source: str, column: int) -> None:
    (fault,) = Claim.parse(source).problems(NAMES)
    assert (fault.column, fault.mend) == (column, "Remove the dot.")
    assert fault.reason.startswith("has a dot before ")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("count.task_a % 2 == 1", "uses %, which is not defined for doubles"),
        ("background_ms / count.task_a > 1", "divides by a value that can be zero"),
        ("background_ms + order > 1", "has operands of different types"),
    ],
)
def test_an_operation_that_fails_is_named(source: str, reason: str) -> None:
    assert Claim.parse(source).problems(NAMES)[0].reason == reason


def test_a_list_is_not_an_index() -> None:
    (fault,) = Claim.parse("calls[calls].took_ms > 1").problems(NAMES)
    assert fault.reason.startswith("calls is a list")
    assert fault.column == 7
