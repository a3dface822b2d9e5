"""Aiken: what is read of it, and by line what is not."""

import pytest

from quiz import plain
from quiz.exchange import READERS
from quiz.exchange.sheet import Found

TWO = """\
Which LMS has *most* formats?
A) Moodle
B) ATutor
ANSWER: A

What is the answer?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
Answer: b
"""


def read(text: str) -> Found:
    reader = READERS["aiken"].read
    assert reader
    return reader(text)


def test_a_question_has_its_options_and_the_answer_is_right() -> None:
    found = read(TWO)
    first, second = found.items
    assert first.stem == r"Which LMS has \*most\* formats?"
    assert first.form == plain.Options(
        (plain.Option("Moodle", True), plain.Option("ATutor", False))
    )
    assert isinstance(second.form, plain.Options)
    assert [option.right for option in second.form.options] == [False, True, False]
    assert (first.line, second.line, found.remarks) == (1, 6, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Which?\nA. One\nB. Two\nANSWER: C", "line 1: not mapped: the answer is C, the options"),
        ("Which?\nA. One\nB. Two\n", "line 1: not mapped: no line says its ANSWER."),
        ("Which?\nA. One\nB. Two\n\nNext?\nA. 1\nB. 2\nANSWER: A", "line 1: not mapped: no line"),
        ("Which?\nA. One\nA. Two\nB. Three\nANSWER: A", "line 3: a second A is left out."),
        ("ANSWER: A", "line 1: not mapped: there is no question before the answer."),
        ("Which?\nANSWER: A", "line 1: not mapped: the answer is A, the options are: none."),
    ],
)
def test_what_does_not_map_is_told_by_its_line(text: str, said: str) -> None:
    remarks = read(text).remarks
    assert len(remarks) == 1
    assert str(remarks[0]).startswith(said)
