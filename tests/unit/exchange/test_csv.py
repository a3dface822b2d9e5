"""CSV: read back by the reader of Python, and as the questions of a pack."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.exchange import FORMATS, WRITERS
from quiz.exchange.columns import COLUMNS, FORMULA, guarded, unguarded
from quiz.exchange.decoding import decoded
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, no_progress
from quiz.exchange.readers import READERS
from quiz.questions import portable
from tests.sheets import CHOICE, LINES, NUMBER, ORDER, SHEET


def written(*items: Item) -> bytes:
    write = WRITERS["csv"].write
    assert write
    return write(replace(SHEET, items=items))


def rows(*items: Item) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(*items).decode("utf-8-sig"), newline="")))


def read(text: str) -> Found:
    return READERS["csv"].read(text, no_progress)


def test_a_question_is_a_row_with_one_answer_per_line() -> None:
    pick, several, *_ = rows(*SHEET.items)
    assert list(pick) == list(COLUMNS)
    assert pick["code"] == CHOICE.code
    assert pick["wrong"] == "%50% of it"
    assert several["right"].splitlines() == ["One", "Two", "Three"]
    assert several["why"].splitlines() == ["Yes.", "Yes.", "Yes.", "No."]


def test_questions_without_a_form_for_export_are_left_out() -> None:
    assert [row["id"] for row in rows(*SHEET.items)] == [item.id for item in SHEET.mapped]


def test_no_cell_is_a_formula_in_a_spreadsheet() -> None:
    bad = Item("a", "=1+1", portable.Words(("+x", "-y", "@z")), explanation="\t=2", kind="text")
    row = rows(bad, NUMBER)
    assert not any(cell.startswith(FORMULA) for cells in row for cell in cells.values())
    assert (row[0]["question"], row[1]["right"]) == ("'=1+1", "'-2.5")


@given(st.text() | st.text(st.sampled_from(list("'=+-@\ta"))))
def test_a_guarded_cell_is_read_back_unchanged(text: str) -> None:
    assert not guarded(text).startswith(FORMULA)
    assert unguarded(guarded(text)) == text


def test_every_form_of_question_is_read_back() -> None:
    found = read(decoded(written(*SHEET.items)))
    assert found.remarks == []
    for item, again in zip(SHEET.mapped, found.items, strict=True):
        form = portable.Order(LINES) if item is ORDER else item.form
        assert replace(again, line=0) == replace(item, href="", kind="", form=form)


MIXED = portable.Options(
    (
        portable.Option("c\nd", False),
        portable.Option("a", True, "Yes."),
        portable.Option("b", False, "No."),
    ),
    multiple=True,
    shuffle=False,
)


@pytest.mark.parametrize(
    "form", [MIXED, portable.Number(1.602e-19, 1e-21), portable.Number(1234567890.125, 0, "s")]
)
def test_the_order_of_options_and_every_digit_are_read_back(form: portable.Plain) -> None:
    item = Item("a", "Which?", form, code="    x = 1\n\n    y", see=("https://a.example/",))
    again = read(decoded(written(item))).items[0]
    assert (again.form, again.code, again.see) == (form, item.code, item.see)


def test_a_file_of_an_earlier_version_is_read_with_its_kinds() -> None:
    found = read("kind,question,right,wrong\nline,Which?,a,b\npredict,Which?,a,b\ncloze,Gap?,a,\n")
    assert found.remarks == []
    forms = [type(item.form) for item in found.items]
    assert forms == [portable.Options, portable.Options, portable.Words]


def test_an_export_reports_the_kinds_that_a_row_cannot_hold() -> None:
    asked = replace(CHOICE, kind="line")
    said = FORMATS["csv"].left_out(replace(SHEET, items=(asked, NUMBER, asked)))
    assert said == ["Written as kind choice: 2 of kind line, which a row of cells cannot hold."]


def test_a_table_made_by_hand_needs_two_columns() -> None:
    found = read("Question;Right;Wrong\nWhich?;This;That\nName it.;Word;\n")
    choice = portable.Options((portable.Option("This", True), portable.Option("That", False)))
    assert [item.form for item in found.items] == [choice, portable.Words(("Word",))]
    assert [item.line for item in found.items] == [2, 3]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("head", ["", "sep={}\n"])
def test_any_separator_between_cells_is_understood(sign: str, head: str) -> None:
    rows = [["question", "right", "wrong"], ["First?", "a;b" if sign == "," else "a,b", "c"]]
    text = head.format(sign) + "\n".join(sign.join(row) for row in rows) + "\n"
    found = read(text)
    assert (found.remarks, found.items[0].line) == ([], 3 if head else 2)
    assert isinstance(found.items[0].form, portable.Options)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "line 1: there is no column question (the columns are: a, b)."),
        ("question,right,more\nWhich?,This,\n", "line 1: a column that is not known is left out ("),
        ("question,right\nWhich?,This,more\n", "line 2: cells beyond the last column are left out"),
        ("question,right\n,This\n", "line 2: Not imported: there is no question."),
        ("question,right\nWhich?,\n", "line 2: Not imported: nothing is right."),
        ('question,right\n"Two\nlines?",a\nWhich?,\n', "line 4: Not imported: nothing is right."),
        (
            "question,right,kind\nMany?,few,number\n",
            "line 2: Not imported: its answer or tolerance",
        ),
        (
            'question,right,kind\nMany?,"1,000",number\n',
            "line 2: Not imported: its number has a com",
        ),
        ("question,right,kind\nDraw.,x,essay\n", "line 2: Not imported: its kind does not fit"),
        (
            "question,right,difficulty\nWhich?,x,hard\n",
            "line 2: the difficulty is not 1, 2 or 3 (h",
        ),
    ],
)
def test_unsupported_rows_are_reported_with_their_line(text: str, said: str) -> None:
    assert str(read(text).remarks[0]).startswith(said)


def test_an_oversized_cell_ends_the_import_and_is_reported() -> None:
    found = read(f"question,right,wrong\nOne?,a,b\nTwo?,{'x' * 140_000},b\n")
    assert [item.stem for item in found.items] == ["One?"]
    assert "Nothing from here on is imported" in str(found.remarks[-1])


def test_an_oversized_header_is_reported() -> None:
    found = read(f"question,right,{'x' * 140_000}\nOne?,a,b\n")
    assert (list(found.items), "Nothing from here on" in str(found.remarks[0])) == ([], True)


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_unclosed_quotation_mark_is_reported_and_hides_no_rows(end: str) -> None:
    found = read(f'question,right,wrong\nA?,yes,no\nB?,"yes,no\nC?,yes,no{end}')
    said = "line 3: Nothing from here on is imported: a quotation mark is not closed."
    assert [item.stem for item in found.items] == ["A?"]
    assert list(map(str, found.remarks)) == [said]


def test_a_closed_cell_of_several_lines_at_the_end_is_read() -> None:
    found = read('question,right,wrong\nA?,yes,"no\nnever"\n')
    assert (len(found.items), found.remarks) == (1, [])


@pytest.mark.parametrize("kind", ["text", "number", "ordering"])
def test_wrong_answers_that_a_kind_cannot_hold_are_reported(kind: str) -> None:
    found = read(f'kind,question,right,wrong\n{kind},A?,"1\n{2 if kind != "number" else ""}",3\n')
    said = "line 2: wrong answers beside a word, a number or an order are left out (3)."
    assert list(map(str, found.remarks)) == [said]


def test_a_repeated_column_is_reported() -> None:
    found = read("question,question,right\nA?,B?,yes\n")
    said = "line 1: of columns with the same name only the last is read (question)."
    assert list(map(str, found.remarks)) == [said]
