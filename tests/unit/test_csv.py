"""CSV: read back by Python's reader as a spreadsheet would have it, and as a pack's questions."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import plain
from quiz.exchange import READERS, WRITERS
from quiz.exchange.formats.csv import COLUMNS, FORMULA, guarded, unguarded
from quiz.exchange.sheet import Found, Item
from tests.sheets import CHOICE, LINES, NUMBER, ORDER, SHEET


def written(*items: Item) -> bytes:
    write = WRITERS["csv"].write
    assert write
    return write(replace(SHEET, items=items))


def rows(*items: Item) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(*items).decode("utf-8-sig"), newline="")))


def read(text: str) -> Found:
    reader = READERS["csv"].read
    assert reader
    return reader(text)


def test_a_question_is_a_row_with_its_right_and_wrong_answers_a_line_each() -> None:
    pick, several, *_ = rows(*SHEET.items)
    assert list(pick) == list(COLUMNS)
    assert pick["code"] == CHOICE.code
    assert pick["wrong"] == "%50% of it"
    assert several["right"].splitlines() == ["One", "Two", "Three"]
    assert several["why"].splitlines() == ["Yes.", "Yes.", "Yes.", "No."]


def test_what_has_no_answer_elsewhere_is_left_out() -> None:
    assert [row["id"] for row in rows(*SHEET.items)] == [item.id for item in SHEET.mapped]


def test_no_cell_is_a_formula_to_a_spreadsheet() -> None:
    bad = Item("a", "=1+1", plain.Words(("+x", "-y", "@z")), explanation="\t=2", kind="text")
    row = rows(bad, NUMBER)
    assert not any(cell.startswith(FORMULA) for cells in row for cell in cells.values())
    assert (row[0]["question"], row[1]["right"]) == ("'=1+1", "'-2.5")


@given(st.text() | st.text(st.sampled_from(list("'=+-@\ta"))))
def test_a_guarded_cell_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(FORMULA)
    assert unguarded(guarded(text)) == text


def test_every_form_comes_back() -> None:
    found = read(written(*SHEET.items).decode("utf-8"))
    assert found.remarks == []
    for item, again in zip(SHEET.mapped, found.items, strict=True):
        form = plain.Order(LINES) if item is ORDER else item.form
        assert (again.id, again.stem, again.form) == (item.id, item.stem, form)
        assert (again.topic, again.code, again.tags) == (item.topic, item.code, item.tags)


def test_a_table_made_by_hand_needs_two_columns() -> None:
    found = read("Question;Right;Wrong\nWhich?;This;That\nName it.;Word;\n")
    choice = plain.Options((plain.Option("This", True), plain.Option("That", False)))
    assert [item.form for item in found.items] == [choice, plain.Words(("Word",))]
    assert [item.line for item in found.items] == [2, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "line 1: not mapped: there is no column question and no column right; "),
        ("question,right,more\nWhich?,This,\n", "line 1: the column more is left out."),
        ("question,right\n,This\n", "line 2: not mapped: there is no question."),
        ("question,right\nWhich?,\n", "line 2: not mapped: nothing is right."),
        ('question,right\n"Two\nlines?",a\nWhich?,\n', "line 4: not mapped: nothing is right."),
        ("question,right,kind\nMany?,few,number\n", "line 2: not mapped: 'few' is no number."),
        ("question,right,kind\nDraw.,x,predict\n", "line 2: not mapped: a predict cannot be made"),
        ("", "line 1: not mapped: there is no column question"),
    ],
)
def test_what_does_not_map_is_told_by_its_line(text: str, said: str) -> None:
    assert str(read(text).remarks[0]).startswith(said)


def test_a_cell_that_no_reader_takes_ends_the_reading_and_is_told() -> None:
    found = read(f"question,right,wrong\nOne?,a,b\nTwo?,{'x' * 140_000},b\n")
    assert [item.stem for item in found.items] == ["One?"]
    assert "nothing from here on is mapped" in str(found.remarks[-1])


def test_a_head_that_no_reader_takes_is_told_too() -> None:
    found = read(f"question,right,{'x' * 140_000}\nOne?,a,b\n")
    assert (found.items, str(found.remarks[0])[:25]) == ((), "line 1: nothing is mapped")
