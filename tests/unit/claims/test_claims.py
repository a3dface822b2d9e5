"""Claims: their facts, their problems, and their outcome in a run."""

import re
import subprocess
import sys
import time

import pytest

from quiz.claims.expression import Claim, ClaimError, Expression, in_words
from quiz.claims.facts import Names
from quiz.errors import QuizError

NAMES = Names(
    ("task_a", "task_b"), {"task_a_seconds": "double", "tokens": "int"}, ("lines", "x_ms")
)
FACTS = {
    "background_ms": 3010.0,
    "response": {"status": 200, "sent_ms": 5.0},
    "call": {"task_a": {"started_ms": 6.0, "ended_ms": 2006.0, "name": "task_a"}},
    "calls": [{"name": "task_a", "started_ms": 6.0, "ended_ms": 2006.0}],
    "count": {"task_a": 1, "task_b": 0},
    "order": ["task_a"],
    "extra": {"state": "PENDING"},
}


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("background_ms < 1500.0", False),
        ("background_ms >= 2950.0 && count.task_b == 0", True),
        ("has(call.task_a.ended_ms)", True),
        ("!has(call.task_b)", True),
        ("order == ['task_a'] && 'task_a' in order", True),
        ("calls.exists(c, c.name == 'task_a' && c.ended_ms > 2000.0)", True),
        ("size(calls) == 2", False),
        ("call['task_a'].ended_ms > 0.0", True),
        ("call.task_b.ended_ms < 1.0 || count.task_b == 0", True),
        ("background_ms + count.task_a == 3011 && calls[0].ended_ms - 6 == 2000", True),
        ("2 * size(order) + int(background_ms) == 3012", True),
        ("extra.state == 'PENDING' && size('2 [') == 3", True),
    ],
)
def test_a_claim_holds_or_does_not(source: str, held: bool) -> None:
    outcome = Claim.parse(source).check(FACTS)
    assert (outcome.held, outcome.error) == (held, None)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("call.task_b.started_ms < 1.0", "task_b never started"),
        ("loop_blocked_ms < 1.0", "the event loop was held for unknown"),
        ("calls[3].ended_ms < 1.0", "the run has no such place in a list"),
        ("background_ms + order > 1.0", "has operands of different types"),
        ("extra.state == 1", "extra.state is a text and 1 is a number, so this is never true"),
        ("calls.exists(c, c.error == 'x')", "the run has no error"),
        ("background_ms", "gives a number, not true or false"),
    ],
)
def test_a_claim_that_cannot_be_evaluated_is_never_false(source: str, error: str) -> None:
    outcome = Claim.parse(source).check(FACTS)
    assert outcome.held is None
    assert outcome.error
    assert error in outcome.error


def test_a_claim_can_test_for_a_missing_response_status() -> None:
    assert Claim.parse("!has(response.status)").check({}).held is True


def test_an_outcome_contains_the_observed_facts() -> None:
    outcome = Claim.parse("count.task_b == 0 && background_ms > 1.0").check(FACTS)
    assert outcome.observed == {"count.task_b": 0, "background_ms": 3010.0}
    assert in_words(outcome) == ["task_b never ran", "background work took 3.01 s"]


def test_an_unknown_outcome_has_a_reason_in_words() -> None:
    outcome = Claim.parse("call.task_b.ended_ms < 1.0").check(FACTS)
    assert (outcome.word, in_words(outcome)) == ("cannot be said", ["task_b never ended"])


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("call.task_a.ended_ms<=call.task_b.started_ms", 2),
        ("calls.filter(c, c.took_ms < call.task_a.took_ms).size() == 1", 1),
        ("order[0] == 'call.task_a.took_ms'", 1),
        ("background_ms > 1.0 && background_ms < 2.0", 1),
        ("size(order) == 2 // background_ms", 1),
        ("backgroud_ms > 1.0", 0),
    ],
)
def test_a_claim_lists_each_of_its_facts_once(source: str, paths: int) -> None:
    assert len(Claim.parse(source).paths()) == paths


def test_paths_with_brackets_and_paths_with_dots_are_equal() -> None:
    assert Claim.parse("call['task_a'].took_ms < 1.0").paths() == ["call.task_a.took_ms"]


@pytest.mark.parametrize(
    ("source", "column"), [("background_ms <", 16), ("a >> 1", 4), ("", 1), ("a &&\n&& b", 6)]
)
def test_a_claim_that_is_not_cel_is_refused_with_its_column(source: str, column: int) -> None:
    with pytest.raises(ClaimError, match="is not CEL") as caught:
        Claim.parse(source)
    assert caught.value.column == column


@pytest.mark.parametrize("source", ["(" * 30 + "a" + ")" * 30, "a + " * 200 + "a", "[" * 60_000])
def test_a_claim_too_deep_for_the_parser_is_refused_before_parsing(source: str) -> None:
    with pytest.raises(ClaimError, match="too long or too deep"):
        Claim.parse(source)


@pytest.mark.parametrize(
    ("source", "problem", "column"),
    [
        ("count.task_a = 1", "is not CEL: =. Write ==.", 14),
        ("count.task_a == 1 and count.task_b == 1", "is not CEL: and. Write &&.", 19),
        ("count.task_a == 1 or count.task_b == 1", "is not CEL: or. Write ||.", 19),
        ("not has(call.task_a)", "is not CEL: not. Write !.", 1),
        ("count.task_a == 1 & count.task_b == 1", "is not CEL: &. Write &&.", 19),
        ("count.task_a <> 1", "is not CEL: <>. Write !=.", 14),
        ("background_ms => 1", "is not CEL: =>. Write >=.", 15),
        ("extra.a == 'b = c' &&", "is not CEL: mismatched input '<EOF>'. Write an expression", 22),
    ],
)
def test_operators_of_other_languages_are_refused_with_those_of_cel(
    source: str, problem: str, column: int
) -> None:
    with pytest.raises(ClaimError) as caught:
        Claim.parse(source)
    assert str(caught.value).startswith(problem)
    assert caught.value.column == column


def nested(times: int) -> str:
    return "[0,1,2,3,4,5,6,7,8,9].all(a, " * times + "background_ms > 0 - a" + ")" * times


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (nested(9), "loops within loops: all. Write at most 2 loops within one another."),
        (nested(3), "loops within loops: all."),
        (" && ".join(["order.all(o, o != '')"] * 9), "has too many loops. Write at most 8, and 2"),
        ("errors" + ".map(e, e + e + e)" * 20 + ".size() > 1", "has too many loops"),
    ],
)
def test_an_expression_with_too_many_loops_is_refused_before_parsing(
    source: str, problem: str
) -> None:
    before = time.process_time()
    with pytest.raises(ClaimError, match=re.escape(problem)):
        Claim.parse(source)
    assert time.process_time() - before < 0.5


def test_two_nested_loops_are_evaluated_only_in_a_small_run() -> None:
    claim = Claim.parse("calls.all(a, calls.exists(b, a.name == b.name))")
    assert claim.check({"calls": [{"name": "a"}] * 30}).held is True
    outcome = claim.check({"calls": [{"name": "a"}] * 5000})
    assert outcome.held is None
    assert (outcome.error or "").startswith(
        "the run has a list of 5000 items, which is too long for loops"
    )


@pytest.mark.parametrize(
    "source",
    [
        "calls.all(c, size([calls]) == 1)",
        "calls.all(c, calls == calls)",
        '[{"a": calls}].all(x, calls.all(c, x != calls))',
        "[calls].all(x, x.all(c, x == x))",
        "calls.filter(c, true).size() > 0",
        "order.map(o, order).size() > 0",
        "calls.exists(c, size(extra.curve + extra.curve) > 0)",
    ],
)
def test_a_claim_that_copies_a_list_for_each_item_is_not_evaluated_in_a_large_run(
    source: str,
) -> None:
    calls = [{"name": "a", "took_ms": 1.0}] * 1500
    claim = Claim.parse(source)
    before = time.process_time()
    outcome = claim.check({"calls": calls, "order": ["a"] * 1500, "extra": {"curve": [1.0] * 1500}})
    assert time.process_time() - before < 0.5
    assert "a list of 1500 items, which is too long for" in (outcome.error or "")


@pytest.mark.parametrize(
    "source",
    [
        'calls.all(c, c.name == "a" && c.took_ms == call.a.took_ms)',
        "calls.all(c, calls[size(calls) - 1].name == c.name && order.size() == 1500)",
        'order.exists_one(o, o == "b") || size(order) > 0',
    ],
)
def test_a_claim_with_one_loop_is_evaluated_in_a_large_run(source: str) -> None:
    call = {"name": "a", "took_ms": 1.0}
    facts = {"calls": [call] * 1500, "order": ["a"] * 1500, "call": {"a": call}}
    assert Claim.parse(source).check(facts).held is True


@pytest.mark.parametrize("divisor", ["0x10", "2u", "0.5"])
def test_a_number_in_any_notation_can_divide(divisor: str) -> None:
    assert list(Claim.parse(f"background_ms / {divisor} < 1000").problems(NAMES)) == []


@pytest.mark.parametrize(
    ("source", "column", "mend"),
    [
        ('count.task_a == "1"', 14, "Compare count.task_a with a number."),
        ("count.task_a == 1 && call.task_a.lane == 5", 39, "Compare call.task_a.lane with a text."),
        ('response.status != "200"', 17, "Compare response.status with a number."),
        ("1 in lost", 3, "Compare 1 with a number."),
        ("errors == [1]", 8, "Compare errors with a list of texts."),
        ('calls.filter(c, c.attempt == "1").size() == 2', 27, "Compare c.attempt with a number."),
        ("call.task_a == 1", 13, "Compare call.task_a with an object."),
        ("order[0] == 2", 10, "Compare order[0] with a text."),
        ('size(order) == "1"', 13, "Compare size(order) with a number."),
        ('(count.task_a + 1) * 2 == "3"', 24, "Compare (count.task_a + 1) * 2 with a number."),
        ("call.task_a.error == null", 19, "Write !has(call.task_a.error)."),
        ("call.task_a.background == 1", 24, "Compare call.task_a.background with true or false."),
        ("call.task_a.lane > 1", 18, "Compare call.task_a.lane with a text."),
        ("1 == 1", 0, "Name a fact, such as background_ms"),
        ("true", 0, "Name a fact, such as background_ms"),
        ("background_ms / count.task_a > 1", 15, "Multiply the other side"),
        ("background_ms / 0 > 1", 15, "Multiply the other side"),
        ("count.task_a % 2 == 1", 14, "Compare with a number of milliseconds"),
        ("call.task_c.took_ms > 1.0", 1, "Did you mean task_b?"),
        ("count.task_a == 1 && backgroud_ms > 1.0", 22, "Did you mean background_ms?"),
        ("extra.line == 1", 1, "Did you mean lines? An extra fact is declared under extra: in"),
        ("call.task_a", 0, "Make it give true or false."),
        ("background_ms + 1.0", 0, "Make it give true or false."),
        ("nothing(background_ms)", 1, ""),
    ],
)
def test_a_claim_that_no_run_can_decide_is_a_problem_with_its_column(
    source: str, column: int, mend: str
) -> None:
    fault = Claim.parse(source).problems(NAMES)[0]
    assert fault.column == column
    assert fault.mend.startswith(mend)


@pytest.mark.parametrize(
    "source",
    [
        "response.status == 200",
        "background_ms >= 1500 && background_ms < 2500",
        "-5 < background_ms && 3.5 > double(count.task_a)",
        "parameters.task_a_seconds * 1000 < background_ms + count.task_a",
        "extra.x_ms < 3 && extra.lines == 'a'",
        "2 * size(order) + int(background_ms) > 1",
        "calls == [] || order == ['task_a']",
        "size(order) == 2",
        "calls[0].attempt == 1 && calls.filter(c, c.name == 'x').size() >= 2",
        "calls.filter(c, c.name == 'x').all(d, d.took_ms > 1.0)",
        "[1, 2].exists(n, n == count.task_a)",
        "parameters.tokens * 2 == 8",
        "extra.lines == 1 && extra.lines + 1 == 2",
        "call.task_a.took_ms > parameters.task_a_seconds * 1000.0",
        "count.task_a == 1 ? background_ms > 1.0 : background_ms < 1.0",
        "background_ms > -1.0",
        "1 < (size(order) + 1)",
        "(background_ms > 1.0) == (count.task_a == 1)",
        "int(background_ms) == 2 && 2 == size(order)",
        "calls[7].took_ms > 1.0",
        "errors.exists(e, e.startsWith('ValueError'))",
    ],
)
def test_a_valid_claim_has_no_problems(source: str) -> None:
    assert Claim.parse(source).problems(NAMES) == []


def test_an_expression_gives_a_number() -> None:
    assert Expression.parse("background_ms / 1000.0").evaluate(FACTS) == pytest.approx(3.01)
    assert Expression.parse("background_ms > 1.0").problems(NAMES)[0].mend == (
        "Make it give a number."
    )


def test_an_expression_without_its_facts_names_what_is_missing() -> None:
    with pytest.raises(QuizError, match="task_b never started"):
        Expression.parse("call.task_b.started_ms").evaluate(FACTS)


def test_the_librarys_command_line_is_not_imported() -> None:
    code = "import quiz.claims.expression, sys; sys.exit('prompt_toolkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = (
        "import cel.cli; from quiz.claims import expression as e; e.Claim.parse('1'); cel.cli.main"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
