"""Aiken: what is imported, and what is reported by its line."""

import pytest

from quiz.exchange.found import Found, no_progress
from quiz.exchange.readers import READERS
from quiz.questions import portable

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
    return READERS["aiken"].read(text, no_progress)


def test_a_question_has_its_options_and_the_answer_is_right() -> None:
    found = read(TWO)
    first, second = found.items
    assert first.stem == r"Which LMS has \*most\* formats?"
    assert first.form == portable.Options(
        (portable.Option("Moodle", True), portable.Option("ATutor", False))
    )
    assert isinstance(second.form, portable.Options)
    assert [option.right for option in second.form.options] == [False, True, False]
    assert (first.line, second.line, found.remarks) == (1, 6, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Which?\nA. One\nB. Two\nANSWER: C", "line 1: Not imported: its ANSWER is not one of its"),
        ("Which?\nA. One\nB. Two\n", "line 1: Not imported: no line says its ANSWER."),
        ("Which?\nA. One\nB. Two\n\nNext?\nA. 1\nB. 2\nANSWER: A", "line 1: Not imported: no l"),
        ("Which?\nA. One\nA. Two\nB. Three\nANSWER: A", "line 1: Not imported: two of its"),
        ("ANSWER: A", "line 1: Not imported: an answer before any question."),
        ("Which?\nA. One\nB. Two\nANSWER: A and B", "line 1: Not imported: its ANSWER names sev"),
        ("Which?\nANSWER: A", "line 1: Not imported: it has fewer than two options."),
        ("A) One\n", "line 1: Left out: an option before any question."),
        ("Which?\nA. One\nB. Two\nANSWER: A, B", "line 1: Not imported: its ANSWER names several"),
        ("Which?\nA. One\nB. Two\nANSWER: 1", "line 1: Not imported: its ANSWER is not a letter"),
    ],
)
def test_unsupported_lines_are_reported_with_their_number(text: str, said: str) -> None:
    remarks = read(text).remarks
    assert len(remarks) == 1
    assert str(remarks[0]).startswith(said)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("A.Mars", "Mars"),
        ("A)Mars", "Mars"),
        ("A)\tMars", "Mars"),
        ("A. i < 1 & *p", r"i < 1 & \*p"),
    ],
)
def test_an_option_needs_no_space_after_its_letter(option: str, text: str) -> None:
    form = read(f"Which is red?\n{option}\nB)Venus\nANSWER: A").items[0].form
    assert form == portable.Options((portable.Option(text, True), portable.Option("Venus", False)))


@pytest.mark.parametrize("answer", ["ANSWER: B) Venus", "ANSWER:B", "answer : b", "ANSWER: B."])
def test_the_first_letter_of_the_answer_counts(answer: str) -> None:
    form = read(f"Which?\nA. Mars\nB. Venus\n{answer}").items[0].form
    assert isinstance(form, portable.Options)
    assert [option.right for option in form.options] == [False, True]


def test_a_stem_keeps_its_lines() -> None:
    assert read("def f():\n1. step\nA. a\nB. b\nANSWER: A").items[0].stem == "def f():\\\n1\\. step"
