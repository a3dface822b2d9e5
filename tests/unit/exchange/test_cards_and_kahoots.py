"""The text export of Anki and the spreadsheet of Kahoot: what is imported, and what is reported."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from quiz.exchange.decoding import decoded
from quiz.exchange.found import Found, no_progress, summed
from quiz.exchange.readers import READERS, recognized
from quiz.questions import portable

HEAD = "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\n"


def cards(text: str) -> Found:
    return READERS["anki"].read(text, no_progress)


def test_the_front_of_a_card_is_asked_and_its_back_is_typed() -> None:
    found = cards(f'{HEAD}g1\tMy deck::HTTP\t"Status of <b>not found</b>?"\t404\tx y\n')
    item = found.items[0]
    assert (item.stem, item.form) == ("Status of **not found**?", portable.Words(("404",)))
    assert (item.topic, item.tags, item.line) == ("HTTP", ("x", "y"), 6)
    assert found.remarks == []


def test_each_number_of_a_cloze_note_is_a_card_with_one_gap() -> None:
    found = cards("#separator:;\n{{c1::Celery}} uses {{c2::a broker::what?}}.;Extra\n")
    assert [(item.stem, item.form) for item in found.items] == [
        (r"\_\_\_\_\_ uses a broker.", portable.Words(("Celery",))),
        (r"Celery uses \_\_\_\_\_ (what?).", portable.Words(("a broker",))),
    ]
    assert found.items[0].explanation == "Extra"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "front\tline<br>line",
            "line 6: Not imported: its back is not one line of at most 80 char",
        ),
        ("front\t", "line 6: Not imported: there is no back."),
        ("\tback", "line 6: Not imported: there is no front."),
        ("front\tback\t\tmore", "line 6: fields after the second are left out."),
        ("front [sound:a.mp3]\tback", "line 6: a sound is left out (a.mp3)."),
        ("a <img src='b.png'>\tback", "line 6: an image is left out (b.png)."),
        ("{{c1::a}} {{c1::b}}\t", "line 6: Not imported: one of its cards has several gaps."),
    ],
)
def test_a_card_that_cannot_be_asked_is_reported(row: str, said: str) -> None:
    found = summed(cards(f"{HEAD}g\tdeck\t{row}\n").remarks)
    assert len(found) == 1
    assert found[0].startswith(said)


KAHOOT = ("Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75")
ROWS = [
    ["", "Quiz template"],
    [],
    ["", *KAHOOT, "Answer 3", "Answer 4", "Time limit (sec) – 5, 10", "Correct answer(s) - choose"],
    ["1", "Is 1 < 2?", "yes", "no", "", "", "20", "1"],
    ["2", "Which *two*?", "a", "b", "c", "", "", "1,3"],
    ["3", "", "", "", "", "", "", ""],
    ["4", "None?", "a", "b", "", "", "20", ""],
    ["5", "Empty?", "a", "b", "", "", "", "4"],
]


def workbook(rows: list[list[str]]) -> bytes:
    """As Excel writes one: shared strings, numbers bare, and rows without cells not at all."""
    shared: list[str] = []
    body = ""
    for number, row in enumerate(rows, start=1):
        cells = ""
        for column, text in enumerate(row):
            place = f"{chr(ord('A') + column)}{number}"
            if text in ("True", "False"):
                cells += f'<c r="{place}" t="b"><v>{int(text == "True")}</v></c>'
            elif text.isdigit():
                cells += f'<c r="{place}"><v>{text}.0</v></c>'
            elif text:
                cells += f'<c r="{place}" t="s"><v>{len(shared)}</v></c>'
                shared.append(text)
        body += f'<row r="{number}">{cells}</row>' if cells else ""
    strings = "".join(
        f"<si><r><t>{escape(text[:3])}</t></r><r><t>{escape(text[3:])}</t></r></si>"
        for text in shared
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f"<x:worksheet xmlns:x='m'><sheetData>{body}</sheetData></x:worksheet>",
        )
    return file.getvalue()


@pytest.mark.parametrize("as_workbook", [True, False])
def test_the_questions_of_a_kahoot_become_choices(as_workbook: bool) -> None:
    lines = "\n".join(";".join(row) for row in ROWS)
    text = decoded(workbook(ROWS)) if as_workbook else lines
    assert recognized(text) == "kahoot"
    found = READERS["kahoot"].read(text, no_progress)
    one, two = found.items
    assert (one.stem, one.line, two.stem) == ("Is 1 < 2?", 4, r"Which \*two\*?")
    assert one.form == portable.Options(
        (portable.Option("yes", True), portable.Option("no", False))
    )
    assert isinstance(two.form, portable.Options)
    assert [option.right for option in two.form.options] == [True, False, True]
    assert summed(found.remarks) == [
        "line 4: the time limit is left out.",
        "line 5: any one of the right options is enough in the file; here all must be chosen.",
        "line 7: Not imported: it has fewer than two answers, or none of them is correct.",
        "line 8: Not imported: an answer that is empty is marked as correct.",
    ]


def test_a_workbook_with_the_columns_of_the_app_is_imported() -> None:
    text = decoded(workbook([["question", "right", "wrong"], ["Which?", "True", "False\nc"]]))
    assert recognized(text) == "csv"
    form = READERS["csv"].read(text, no_progress).items[0].form
    assert isinstance(form, portable.Options)
    assert [option.text for option in form.options] == ["True", "False", "c"]


def test_an_unclosed_quotation_mark_hides_no_cards() -> None:
    found = cards('#separator:tab\n#html:false\nA?\tyes\n"B?\tno\nC?\tyes\n')
    said = "line 4: Nothing from here on is imported: a quotation mark is not closed."
    assert [item.stem for item in found.items] == ["A?"]
    assert list(map(str, found.remarks)) == [said]
