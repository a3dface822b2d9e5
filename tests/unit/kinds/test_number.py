"""Numbers: graded only by the tolerance of the question, in any size and spelling."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from quiz.kinds.number import Number, measured


def number(answer: float, tolerance: float = 0.0, unit: str = "") -> Number:
    asked = {"id": "n", "kind": "number", "topic": "t", "difficulty": 1, "stem": "?"}
    sizes = {"answer": answer, "tolerance": tolerance, "unit": unit, "explanation": "."}
    return Number.model_validate({**asked, **sizes})


def is_right(asked: Number, text: str) -> bool:
    return asked.grade(asked.parse(FormData([("answer", text)]))).score == 1


@pytest.mark.parametrize(
    ("answer", "tolerance", "text", "right"),
    [
        (1.602e-19, 1e-21, "0", False),
        (1.602e-19, 1e-21, "1.602e-19", True),
        (1.602e-19, 1e-21, "1.61e-19", True),
        (1.602e-19, 1e-21, "1.62e-19", False),
        (1e-12, 0, "0", False),
        (6.022e23, 1e20, "6.0221 × 10^23", True),
        (6.022e23, 1e20, "6.03e23", False),
        (0.1 + 0.2, 0, "0.3", True),
        (1, 0.15, "1.15", True),
        (1, 0.15, "1.1500000001", False),
    ],
)
def test_only_the_authors_tolerance_counts_at_every_magnitude(
    answer: float, tolerance: float, text: str, right: bool
) -> None:
    assert is_right(number(answer, tolerance), text) is right


@pytest.mark.parametrize(
    ("answer", "tolerance", "text", "right"),
    [
        (2, 0, "2,000", False),
        (2000, 0, "2,000", True),
        (2, 0, "2.000", True),
        (1.5, 0, "1,500", True),
        (3, 0.2, "3,000", True),
        (1234.5, 1, "1,234", True),
        (0.5, 0, "0,500", True),
        (6.022e23, 0, "6,022e23", True),
        (6.022e23, 0, "6,022 × 10^23", True),
        (1234, 0, "1,234e3", True),
        (1234, 0, "1,234", True),
    ],
)
def test_a_comma_before_three_digits_is_read_in_the_questions_own_form(
    answer: float, tolerance: float, text: str, right: bool
) -> None:
    assert is_right(number(answer, tolerance), text) is right


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "s", "calls/s", "1/s"])
)
@example(5.0, "1/s")
@example(123456789012.5, "s")
@example(9007199254740993.0, "")
def test_the_answer_that_the_page_shows_is_accepted(answer: float, unit: str) -> None:
    asked = number(answer, unit=unit)
    assert is_right(asked, asked.view(None, "").right)


def test_measured_values_are_shown_with_three_digits_however_small() -> None:
    assert [measured(value) for value in (3.0123, 1234.567, 0.0001234)] == [3.01, 1234.57, 0.000123]
