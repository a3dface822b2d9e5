"""Whole files: inputs that failed once, the app's own exports, and thousands of questions."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quiz import markdown
from quiz.exchange import WRITERS
from quiz.exchange.as_pack import as_pack
from quiz.exchange.decoding import decoded
from quiz.exchange.export_document import Item, sheet
from quiz.exchange.found import no_progress, summed
from quiz.exchange.readers import READERS, recognized
from quiz.packs.catalog import load
from quiz.packs.loader import read
from quiz.packs.pack import Pack
from quiz.questions import portable
from quiz.questions.base import Question
from quiz.settings import Settings
from tests import packs
from tests.unit.exchange.test_moodle_reading import as_shown

TODAY = date(2026, 11, 30)
OWN = sheet(load(Settings()).packs["background-tasks"], "http://quiz.example/", datetime.now(UTC))


def imported(folder: Path, content: bytes) -> tuple[Pack | None, list[str]]:
    text = decoded(content)
    name = recognized(text)
    assert name
    made = as_pack(READERS[name].read(text, no_progress), "again", "Again", TODAY)
    pack = read(packs.write(folder, made.text), {}) if made.text else None
    return pack, summed(made.remarks)


def questions(folder: Path, text: str) -> list[Question]:
    pack, _ = imported(folder, text.encode())
    assert pack
    return list(pack.questions)


def html(text: str) -> str:
    return markdown.block(text).replace("\n", "")


def test_superscripts_stay_superscripts(tmp_path: Path) -> None:
    asked = questions(
        tmp_path,
        "::b::[html]<p>How many bytes are 2<sup>10</sup>?</p>{=1024 ~[html]10<sup>3</sup>}",
    )
    form = asked[0].plain()
    assert isinstance(form, portable.Options)
    assert (asked[0].stem, form.options[1].text) == ("How many bytes are 2¹⁰?", "10³")


def test_a_br_in_code_becomes_a_line_break(tmp_path: Path) -> None:
    code = r"<pre>def f(a)\:<br>    return a &lt; 1</pre><p>What does f give?</p>"
    asked = questions(tmp_path, f"::pre::[html]{code}{{=a boolean ~a number}}")
    assert "<code>def f(a):\n    return a &lt; 1\n</code>" in markdown.block(asked[0].stem)


def test_a_small_number_is_graded_by_its_own_tolerance(tmp_path: Path) -> None:
    asked = questions(tmp_path, "::charge::What is the charge in coulombs?{#1.602e-19:1e-21}")[0]
    scores = [asked.grade(value).score for value in (1.602e-19, 1.61e-19, 0.0, 1.7e-19)]
    assert scores == [1, 1, 0, 0]


def test_moodle_xml_is_read(tmp_path: Path) -> None:
    truth = '<answer fraction="{}"><text>{}</text></answer>'
    asked = questions(
        tmp_path,
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<question type="truefalse">'
        '<name><text>half</text></name><questiontext format="html"><text>'
        r"<![CDATA[<p>\(\frac{1}{2}\) is a half.</p>]]></text></questiontext>"
        f"{truth.format(100, 'true')}{truth.format(0, 'false')}</question>\n</quiz>",
    )[0]
    form = asked.plain()
    assert isinstance(form, portable.Options)
    assert [(option.text, option.right) for option in form.options] == [
        ("True", True),
        ("False", False),
    ]
    assert html(asked.stem) == r"<p>\(\frac{1}{2}\) is a half.</p>"


def test_aiken_needs_no_space_after_a_letter(tmp_path: Path) -> None:
    asked = questions(
        tmp_path,
        "Which planet is red?\nA.Mars\nB.Venus\nANSWER: A\n\n"
        "Which one has rings?\nA)Saturn\nB)Mars\nANSWER: A",
    )
    assert [question.stem for question in asked] == ["Which planet is red?", "Which one has rings?"]


def test_numbers_can_be_items_of_a_matching_question(tmp_path: Path) -> None:
    asked = questions(
        tmp_path,
        "::exit::Match each status.{=1 -> an error =2 -> wrong usage =3 -> an error}\n\n"
        "::wheels::Match the wheels.{=1 -> unicycle =2 -> bicycle =3 -> tricycle}",
    )
    assert [question.kind for question in asked] == ["match", "match"]
    assert asked[0].plain() == portable.Pairs(
        (("1", "an error"), ("2", "wrong usage"), ("3", "an error"))
    )


def test_a_second_gap_is_refused_so_that_no_answer_is_shown(tmp_path: Path) -> None:
    pack, said = imported(
        tmp_path,
        b"::gaps::A worker {=reads} messages and then {=acknowledges} them.\n\n"
        b"::brace::What makes an empty set?{={}#no =set()#yes}",
    )
    assert (pack, len(said)) == (None, 1)
    assert said[0].startswith("lines 1, 3: Not imported: more braces follow its answers")


def test_text_in_the_default_format_is_shown_as_in_moodle(tmp_path: Path) -> None:
    text = "::both::Which of these is <b>not</b> a queue?<br>Is 1 &lt; 2?{=a stack ~a fifo}"
    shown = html(questions(tmp_path, text)[0].stem)
    assert shown == "<p>Which of these is <strong>not</strong> a queue?<br />Is 1 &lt; 2?</p>"


def test_tabs_between_cells_are_understood(tmp_path: Path) -> None:
    asked = questions(tmp_path, "question\tright\twrong\nWhich is first?\ta\tb\n")
    assert [question.kind for question in asked] == ["choice"]


def again(folder: Path, name: str) -> dict[str, Item]:
    write = WRITERS[name].write
    assert write
    pack, said = imported(folder, write(OWN))
    assert pack
    assert not [sentence for sentence in said if "Not imported" in sentence]
    return {item.id: item for item in sheet(pack, "", datetime.now(UTC)).items}


@pytest.mark.parametrize("name", ["csv", "moodle"])
def test_an_export_of_the_app_is_imported_completely(tmp_path: Path, name: str) -> None:
    found = again(tmp_path, name)
    assert list(found) == [item.id for item in OWN.mapped]
    for item in OWN.mapped:
        back = found[item.id]
        assert html(back.text) == html(item.text)
        assert html(back.explanation) == html(item.explanation)
        assert (markdown.inline(back.rule), back.see) == (markdown.inline(item.rule), item.see)
        assert (back.difficulty, back.topic) == (item.difficulty, item.topic)
        assert as_shown(comparable(back.form, name)) == as_shown(comparable(item.form, name))


def comparable(form: portable.Plain | None, name: str) -> portable.Plain | None:
    """An item without the parts that the export leaves out or that a pack fills in."""
    match form:
        case portable.Options(options, multiple, shuffle):
            said = (
                portable.Option(o.text, o.right, "" if "Say why" in o.why else o.why)
                for o in options
            )
            return portable.Options(tuple(said), multiple, shuffle)
        case portable.Order(lines):
            return portable.Order(lines)
        case portable.Pairs(pairs, others) if name == "moodle":
            bare = tuple((line, markdown.plain(belongs)) for line, belongs in pairs)
            return portable.Pairs(bare, tuple(markdown.plain(other) for other in others))
    return form


QUESTION = """\
::q{n}::[html]<p>Which of <code>task_{n}</code> and <b>other</b> runs first?</p>{{
=[html]<p>The <i>first</i>, after {n} ms</p>#Yes, {n}.
~The second#No.
~Both of {n}
####[html]<p>Because of <em>{n}</em>.</p>
}}

How many ms does step {n} take?{{#{n}.5:0.5}}

"""


def test_six_thousand_questions_are_read_in_seconds() -> None:
    text = "".join(QUESTION.format(n=n) for n in range(3000))
    before = time.process_time()
    made = as_pack(READERS["gift"].read(text, no_progress), "a", "A", TODAY)
    # Processor time: what else the machine does counts nothing.
    assert time.process_time() - before < 10
    assert made.text.count("kind: ") == 6000
    assert len(summed(made.remarks)) == 3
