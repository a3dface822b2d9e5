"""Numbers in claims: the library sees doubles, and integers where it needs integers."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quiz.claims.doubles import INDEX, with_doubles
from quiz.claims.expression import Claim, Expression
from quiz.claims.facts import Names
from quiz.claims.syntax import cel
from quiz.claims.tokens import number, tokenized

NAMES = Names(("task_a", "task_b"))
CALLS = [
    {"name": "task_a", "background": True, "attempt": 1},
    {"name": "task_b", "background": False, "attempt": 2},
]
FACTS: dict[str, Any] = {
    "background_ms": 3010.0,
    "environment": "current",
    "response": {"status": 200},
    "responses": [{"status": 500}],
    "call": {"task_a": {"started_ms": 6.0}, "task_b": {"started_ms": 7.0}},
    "calls": CALLS,
    "count": {"task_a": 1, "task_b": 2},
    "order": ["task_a", "task_b"],
    "finished": ["task_b", "task_a"],
}


@pytest.mark.parametrize(
    "source",
    [
        'finished[size(finished) - 1] == "task_a"',
        'finished[finished.size() - 1] == "task_a"',
        'order[0 + 1] == "task_b"',
        'order[count.task_a] == "task_b"',
        'order[int(0)] == "task_a"',
        'calls[size(calls) - 1].name == "task_b"',
        'calls[int(0)].name == "task_a"',
        '[0, 1].exists(i, order[i] == "task_b")',
        "calls.exists(c, call[c.name].started_ms == 7)",
        "call.exists(name, call[name].started_ms == 7)",
        "[1, 2, 3][count.task_b] == 3",
        "[[1, 2], [3, 4]][1][count.task_a] == 4",
        "[[1, 2], [3, 4]][count.task_a][0] == 3",
        "background_ms + [1][0] > 5",
        "background_ms + [5][0x0] == 3015",
        "[order][0][order.size() - 1].size() + 1 == 7",
        "response.status in {200: true}",
        "count.task_a + 1 in {2u: true, -3: false}",
        "response.status in ({500: 1, 200: 2})",
        "{200: 'a'}[response.status] == 'a' && {-1: 'b'}[0 - count.task_a] == 'b'",
        "{'a': response.status == 200 ? 1 : 2}['a'] + 1.5 == 2.5",
        "-order.size() + 1 == -1 && calls[0].name.size() + 1 == 7",
    ],
)
def test_an_index_or_a_key_can_be_any_expression(source: str) -> None:
    outcome = Claim.parse(source).check(FACTS)
    assert (outcome.held, outcome.error) == (True, None)


@pytest.mark.parametrize(
    "source",
    [
        'finished[size(finished) - 1] == "task_a"',
        '[0, 1].exists(i, order[i] == "task_b")',
        "calls.exists(c, call[c.name].started_ms == 7)",
        "call.exists(name, call[name].started_ms == 7)",
        "[1, 2, 3][count.task_a] == 3",
        "response.status in {200: true}",
        "background_ms + [1][0] > 5",
        "calls[size(calls) - 1].attempt == 1",
    ],
)
def test_an_expression_as_index_or_key_is_no_problem(source: str) -> None:
    assert Claim.parse(source).problems(NAMES) == []


def test_an_index_that_is_not_whole_is_an_error() -> None:
    claim = Claim.parse("order[count.task_a / 2] == 'task_a'")
    outcome = claim.check(FACTS)
    assert outcome.held is None
    assert outcome.error == "the run has no such place in a list: 0.5 is not a whole number"
    assert claim.problems(NAMES) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", 10.0),
        ("0x10", 16.0),
        ("2u", 2.0),
        ("0x2U", 2.0),
        ("00", 0.0),
        ("2.5e-1", 0.25),
        (".5", 0.5),
        ("1e3", 1000.0),
    ],
)
def test_a_number_in_any_notation_has_its_value(text: str, value: float) -> None:
    assert [number(token) for token in tokenized(text)] == [value]
    assert cel.evaluate(text) == value


@pytest.mark.parametrize("text", ["010", "0x2", "2u", "0x2u", "1e3"])
def test_a_number_in_any_notation_can_be_compared_and_can_divide(text: str) -> None:
    assert Claim.parse(f"background_ms < {text}").problems(NAMES) == []
    assert Claim.parse(f"background_ms / {text} < 1250").problems(NAMES) == []
    assert Expression.parse(f"background_ms * {text}").evaluate(FACTS) == 3010.0 * float(
        cel.evaluate(text)
    )


@pytest.mark.parametrize(
    ("source", "held"),
    [
        (r"environment == r'\' || environment == 'current'", True),
        (r"""environment == r"a\" || environment == "current" """, True),
        (r"r'''a\''' == 'a\\' && environment == 'current'", True),
        (r"environment == 'a\'1' || count.task_a == 1", True),
        (r"environment == R'\1' ? count.task_a == 1 : count.task_b + 0.5 == 2.5", True),
        ("environment == '''1' 2''' || order == ['task_a', /* ", None),
    ],
)
def test_numbers_and_brackets_in_strings_are_left_alone(source: str, held: bool | None) -> None:
    if held is None:
        assert list(tokenized(source))[2].text == "'''1' 2'''"
    else:
        assert Claim.parse(source).check(FACTS).held is held


@pytest.mark.parametrize(
    ("source", "rewritten"),
    [
        ("a  <  1 // 2 [", "a  <  1.0 // 2 ["),
        ("a[1]\n== '1'", "a[1]\n== '1'"),
        ("[1][b+1u]", f"[1.0][{INDEX}(b+1.0)]"),
        ("a[size(b)]", f"a[{INDEX}(double(size(b)))]"),
        ("-a.b(1)[0].size()", "-double(a.b(1.0)[0].size())"),
        ("a + 1 in {1: 2}", f"{INDEX}(a + 1.0) in {{1: 2.0}}"),
    ],
)
def test_everything_except_numbers_is_copied(source: str, rewritten: str) -> None:
    assert with_doubles(source) == rewritten


TEXTS = st.sampled_from(
    ["environment", "order[0]", r"r'a\'", "'0x1 [2]'", '"""a"b"""', "calls[1].name"]
)
TRUTHS = st.recursive(
    st.tuples(TEXTS, st.sampled_from(["==", "!=", "<", " in order ||  'a' =="]), TEXTS).map(
        " ".join
    )
    | st.sampled_from(
        ["calls.exists( c,c.background )", "has(call.task_a) // 3\n", "'task_a' in  order"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "\n||\t"]), inner).map(" ".join),
        inner.map(lambda text: f"!( {text} )"),
        st.tuples(inner, inner, inner).map(lambda three: "({} ? {}:{})".format(*three)),
    ),
    max_leaves=6,
)


@given(TRUTHS)
def test_an_expression_without_numbers_has_the_same_value_and_text(source: str) -> None:
    assert with_doubles(source) == source
    assert Claim(source).evaluate(FACTS) == cel.evaluate(source, FACTS)


LITERALS = st.one_of(
    st.integers(0, 10**15).map(lambda n: (str(n), repr(float(n)))),
    st.integers(0, 500).map(lambda n: (f"0{n}", repr(float(n)))),
    st.integers(0, 2**40).map(lambda n: (hex(n), repr(float(n)))),
    st.integers(0, 2**40).map(lambda n: (f"{n}u", repr(float(n)))),
    st.floats(0, 1e9).map(lambda x: (repr(x), repr(x))),
    st.just(("size(order)", "2.0")),
    st.just(("order.size()", "2.0")),
    st.just(("[7, 8][size(order) - 1]", "8.0")),
    st.just(("count.task_a", "1.0")),
    st.just(("background_ms", "3010.0")),
)


def both(shape: str) -> Any:
    return lambda parts: tuple(shape.format(*sides) for sides in zip(*parts, strict=True))


NUMBERS = st.recursive(
    LITERALS,
    lambda inner: st.one_of(
        *(st.tuples(inner, inner).map(both(f"({{}} {sign} {{}})")) for sign in "+-*/"),
        st.tuples(inner).map(both("-{}")),
        st.tuples(inner).map(both("{}")).map(lambda pair: (f"[3, {pair[0]}][1]", pair[1])),
    ),
    max_leaves=6,
)


@given(NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS)
def test_an_expression_with_integers_equals_one_with_doubles(
    left: tuple[str, str], sign: str, right: tuple[str, str]
) -> None:
    given_, by_hand = (f"{one} {sign} {other}" for one, other in zip(left, right, strict=True))
    assume(len(given_) < 500)
    try:
        expected = cel.evaluate(by_hand)
    except TypeError:
        expected = None  # The library compares nothing with what 0 / 0 gives.
    assert Claim.parse(given_).check(FACTS).held is expected
