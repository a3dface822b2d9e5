"""`quiz import` and `quiz export`: the pack is valid, and no file is overwritten."""

import importlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.__main__ import main
from quiz.exchange.as_pack import EXPLAIN, as_pack
from quiz.exchange.export_document import Item, sheet
from quiz.exchange.found import Found, no_progress, summed
from quiz.exchange.readers import READERS
from quiz.packs.loader import read
from quiz.packs.pack import Pack
from quiz.questions import portable
from quiz.settings import Settings
from tests import packs
from tests.sheets import SHEET
from tests.unit.exchange.test_gift import FORMS, texts, write

TODAY = date(2026, 11, 25)
MAPPED = SHEET.mapped


def packed(folder: Path, *items: Item) -> Pack:
    written = as_pack(Found(items), "again", "Again", TODAY)
    assert yaml.safe_load(written.text) == written.data
    return read(packs.write(folder, written.text), {})


def told(*items: Item) -> list[str]:
    return summed(as_pack(Found(items), "again", "Again", TODAY).remarks)


def test_every_form_becomes_a_question_of_a_valid_pack(tmp_path: Path) -> None:
    found = packed(tmp_path, *MAPPED)
    assert [question.kind for question in found.questions] == [item.kind for item in MAPPED]
    for item, question in zip(MAPPED, found.questions, strict=True):
        form = (
            portable.Order(item.form.lines) if isinstance(item.form, portable.Order) else item.form
        )
        assert (question.plain(), question.stem) == (form, item.text)
    assert [topic.title for topic in found.topics.values()] == ["Signs / and slashes", "Others"]
    assert found.questions[0].difficulty == 2


def test_missing_explanations_are_left_to_the_author_and_reported(tmp_path: Path) -> None:
    options = (portable.Option("A {b}", True), portable.Option("C", False))
    item = Item("bare", "Which {x}?", portable.Options(options), line=7)
    question = packed(tmp_path, item).questions[0]
    assert (question.stem, question.explanation) == ("Which {x}?", EXPLAIN)
    assert question.plain() == portable.Options(
        (
            portable.Option("A {b}", True, "Say why this is right."),
            portable.Option("C", False, "Say why this is wrong."),
        )
    )
    assert told(item, *(replace(item, id=f"other-{n}", line=n) for n in range(9, 4000))) == [
        "lines 7, 9, 10 and 3,989 more: no difficulty is given; it becomes 1.",
        f'lines 7, 9, 10 and 3,989 more: no explanation is given; it becomes "{EXPLAIN}".',
        "lines 7, 9, 10 and 3,989 more: an option or line has no reason; it becomes "
        '"Say why this is right.".',
    ]


def test_a_remark_about_many_questions_is_made_once() -> None:
    tagged = replace(MAPPED[0], difficulty=None, tags=("difficulty-3", "a", "b"))
    written = as_pack(Found([tagged, *MAPPED[1:]]), "again", "Again", TODAY)
    assert "tags are left out (a, b)." in summed(written.remarks)
    assert "difficulty: 3" in written.text
    assert "since: 2026-11-25" in written.text


def test_questions_that_no_kind_can_ask_are_reported() -> None:
    words = Item("w", "Which?", portable.Words(("``",)), line=3)
    unit = Item("u", "How many?", portable.Number(1, 0, "x" * 21), line=4)
    assert told(words, unit)[-2:] == [
        "line 3: Not imported: no single word is right.",
        f"line 4: Not imported: its unit is longer than 20 letters ({'x' * 21}).",
    ]
    assert as_pack(Found([words]), "again", "Again", TODAY).text == ""


def test_empty_or_too_long_texts_are_reported() -> None:
    empty = portable.Options((portable.Option(" ", True), portable.Option("a", False)))
    words = portable.Words(("x" * 81, "y"))
    items = [Item("a", "Which?", empty), Item("b", "", words), Item("c", "Which?", words)]
    assert told(*items)[-3:] == [
        "Not imported: an option or line is empty.",
        "Not imported: it asks nothing.",
        "an answer of more than 80 characters is left out.",
    ]


def test_an_answer_of_brackets_only_is_reported_because_it_cannot_be_typed() -> None:
    words = Item("a", "Which?", portable.Words(("()", "tuple()")), line=2)
    said = "line 2: an answer of quotes or brackets alone is left out (())."
    assert told(words)[-1] == said


def test_a_question_without_a_possible_right_answer_is_reported() -> None:
    alike = portable.Options((portable.Option("a b", True), portable.Option("a  b ", False)))
    order, number = portable.Order(("x", "x")), portable.Number(float("inf"), 0)
    pairs = portable.Pairs((("a", "b"),))
    forms: list[portable.Plain] = [alike, order, number, pairs]
    items = [Item(f"i{n}", "Which?", form) for n, form in enumerate(forms)]
    assert told(*items)[-3:] == [
        "Not imported: two of its options or lines are the same ('a b', 'x').",
        "Not imported: its number is too large.",
        "Not imported: a matching has 2 to 8 lines and 2 to 6 answers here (this one: 1 and 1).",
    ]


@given(texts(), FORMS, texts(0))
def test_a_question_imported_from_gift_is_exported_to_gift_again(
    tmp_path_factory: pytest.TempPathFactory, stem: str, form: portable.Plain, after: str
) -> None:
    before = write(Item("a", stem, form, "T", explanation=after or "So."))
    found = READERS["gift"].read(before, no_progress)
    made = as_pack(found, "small", "A small pack", TODAY)
    if not made.text:
        # A word of nothing but quotes is none here, and what is alike cannot be told apart.
        assert re.search("no single word is right|are the same", str(made.remarks[-1]))
        return
    assert yaml.safe_load(made.text) == made.data
    pack = read(packs.write(tmp_path_factory.getbasetemp(), made.text), {})
    written = sheet(pack, "", datetime.now(UTC)).items[0]
    again = READERS["gift"].read(write(replace(written, href="")), no_progress).items[0]
    assert (again.stem, again.explanation) == (stem, after or "So.")
    assert again.form == written.form


IMPORTED = """\
::One::Which?{~A#Not A. =B#B it is. ####Because.}

Write about it. {}
"""


def quiz(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = main([*map(str, arguments)])
    out, error = capsys.readouterr()
    return code, out + error


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return packs.write(tmp_path, IMPORTED, "My Quiz.gift")


def test_an_import_writes_a_pack_and_reports_what_is_left_out(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = quiz(capsys, "import", file, "--into", tmp_path / "packs")
    assert code == 0
    assert f"{file}: line 3: Not imported: an essay" in said
    made = tmp_path / "packs" / "my-quiz.yaml"
    assert f"{made} is there." in said
    assert quiz(capsys, "check", made)[1].startswith("Nothing is wrong.")


def test_a_problem_in_the_written_pack_is_reported_with_its_line(tmp_path: Path) -> None:
    made = as_pack(Found(MAPPED), "again", "Again", TODAY)
    made.data["questions"][0]["difficulty"] = 9
    file = packs.write(tmp_path, made.text.replace("difficulty: 2", "difficulty: 9", 1))
    command = importlib.import_module("quiz.cli.import")
    problems = command._problems(Settings(), file, made)
    assert [(problem.line, problem.field) for problem in problems] == [
        (made.text.split("difficulty: 2")[0].count("\n") + 1, "questions[0].difficulty")
    ]


def test_an_import_never_overwrites_a_file(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = packs.write(tmp_path / "packs", "mine", "my-quiz.yaml")
    code, said = quiz(capsys, "import", file, "--into", made.parent)
    assert (code, made.read_text()) == (1, "mine")
    assert "is there already" in said


@given(st.text(min_size=1, max_size=80))
@example(" \n\tx: \u0085\u2028\ufeff\x00\x7f- #'\"|>%@\n\n ")
def test_any_text_is_unchanged_in_the_written_pack(text: str) -> None:
    options = portable.Options((portable.Option(f"a{text}", True), portable.Option("b", False)))
    made = as_pack(Found([Item("a", f"x{text}", options)]), "again", "Again", TODAY)
    assert yaml.safe_load(made.text) == made.data


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "Which?\nA. One\nB. Two\nANSWER: A", "a.yaml is there."),
        ("a.csv", "question,right\nWhich?,This\n", "a.yaml is there."),
        ("a.txt", "Which?{=A ~B}", "a.yaml is there."),
        (
            "a.xml",
            "<quiz><question type='truefalse'/></quiz>",
            "has no question that can be imported",
        ),
        ("a.gift", "Name {it}.", "a.yaml is there."),
        ("a.csv", "front,back\na,b\n", "a.csv needs the columns question and right, or those of"),
        ("a.gift", "Nothing here.", "a.gift is in none of the formats that are read: Aiken, "),
        ("a.txt", '{"a": {"b": 1}}', "a.txt is in none of the formats that are read: Aiken, "),
        ("background-tasks.gift", "Which?{=A ~B}", "There is a pack background-tasks already."),
    ],
)
def test_the_format_is_recognized_or_the_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    made = packs.write(tmp_path, text, name)
    code, told = quiz(capsys, "import", made, "--into", tmp_path)
    assert said in told
    assert code == (0 if "is there." in said else 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.gift",), "missing.gift cannot be read: No such file or directory."),
        (
            ("a.gift", "--format", "akien"),
            "There is no format 'akien' to read. Did you mean aiken?",
        ),
        (("a.gift", "--format", "moodle"), "has no question that can be imported as moodle."),
    ],
)
def test_an_impossible_import_is_refused_with_the_reason(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    packs.write(tmp_path, IMPORTED, "a.gift")
    monkeypatch.chdir(tmp_path)
    assert said in quiz(capsys, "import", *arguments, "--into", tmp_path)[1]


def test_an_export_writes_one_file_and_reports_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out" / "q.gift"
    asked = ("export", "background-tasks", "--format", "gift", "--to", file)
    code, said = quiz(capsys, *asked, "--base", "https://quiz.example/")
    assert (code, said.startswith(f"{file} is there, with ")) == (0, True)
    assert "https\\://quiz.example/packs/background-tasks/" in file.read_text(encoding="utf-8")
    code, said = quiz(capsys, *asked)
    assert (code, "is there already" in said) == (1, True)


@pytest.mark.parametrize(
    ("pack", "name", "said"),
    [
        ("background-task", "gift", "Did you mean background-tasks?"),
        ("background-tasks", "gifts", "There is no format 'gifts' to write. Did you mean gift?"),
        ("background-tasks", "aiken", "There is no format 'aiken' to write."),
    ],
)
def test_an_impossible_export_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str], pack: str, name: str, said: str
) -> None:
    code, told = quiz(capsys, "export", pack, "--format", name)
    assert (code, said in told) == (1, True)
