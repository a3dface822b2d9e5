"""Moodle XML: each type of question is imported, or reported by its line."""

from dataclasses import replace

import pytest

from quiz import markdown
from quiz.exchange import FORMATS, WRITERS
from quiz.exchange.decoding import decoded
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, no_progress, summed
from quiz.exchange.readers import READERS
from quiz.questions import portable
from tests.sheets import SHEET

Option = portable.Option


def read(text: str) -> Found:
    return READERS["moodle"].read(text, no_progress)


def quiz(kind: str, body: str, stem: str = "<p>Which?</p>") -> str:
    text = f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
    name = "<name><text>A name</text></name>"
    question = f'<question type="{kind}">{name}{text}{body}</question>'
    return f'<?xml version="1.0"?>\n<quiz>\n{question}</quiz>'


def answer(text: str, fraction: str = "0", feedback: str = "", more: str = "") -> str:
    said = f"<feedback format='html'><text><![CDATA[{feedback}]]></text></feedback>"
    return f"<answer fraction='{fraction}'><text><![CDATA[{text}]]></text>{said}{more}</answer>"


def one(kind: str, body: str, stem: str = "<p>Which?</p>") -> Item:
    found = read(quiz(kind, body, stem))
    assert [str(remark) for remark in found.remarks] == []
    return found.items[0]


def test_a_choice_is_read_with_markup_feedback_and_order() -> None:
    body = answer("<p>a &lt; <b>b</b></p>", "100", "<p>Yes</p>") + answer("c<br>d", "0", "No")
    item = one("multichoice", f"<single>true</single>{body}", "<p>2<sup>10</sup>?</p>")
    options = (Option("a < **b**", True, "Yes"), Option("c\\\nd", False, "No"))
    assert item.form == portable.Options(options, shuffle=False)
    assert (item.id, item.stem, item.line) == ("a-name", "2¹⁰?", 3)


def test_options_with_a_positive_weight_are_right() -> None:
    body = answer("a", "50") + answer("b", "50") + answer("c", "-50")
    form = one(
        "multichoice", f"<single>false</single><shuffleanswers>1</shuffleanswers>{body}"
    ).form
    assert form == portable.Options(
        (Option("a", True), Option("b", True), Option("c", False)), True
    )


@pytest.mark.parametrize(("first", "second"), [("true", "false"), ("Wahr", "Falsch")])
def test_true_and_false_can_be_in_another_language(first: str, second: str) -> None:
    form = one("truefalse", answer(first, "0", "No") + answer(second, "100", "Yes")).form
    assert isinstance(form, portable.Options)
    assert form.options == (Option("True", False, "No"), Option("False", True, "Yes"))


def test_a_number_is_read_with_tolerance_and_unit() -> None:
    unit = "<units><unit><multiplier>1</multiplier><unit_name>C</unit_name></unit></units>"
    body = answer("1.602e-19", "100", more="<tolerance>1e-21</tolerance>") + unit
    assert one("numerical", body).form == portable.Number(1.602e-19, 1e-21, "C")


def test_words_pairs_and_an_order_are_read() -> None:
    assert one("shortanswer", answer(r"\*args", "100")).form == portable.Words(("*args",))
    lines = "".join(
        f"<subquestion><text>{a}</text><answer><text>{b}</text></answer></subquestion>"
        for a, b in (("Italy", "Rome"), ("Japan", "Tokyo"), ("", "Oslo"))
    )
    pairs = portable.Pairs((("Italy", "Rome"), ("Japan", "Tokyo")), ("Oslo",))
    assert one("matching", lines).form == pairs
    assert one("match", lines).form == pairs
    assert one("ordering", answer("first", "2") + answer("then", "1")).form == portable.Order(
        ("first", "then")
    )


CLOZE = (
    "<p>{1:SHORTANSWER:=Paris#Yes~%50%Lyon#Big~*#No} has "
    "{2:NUMERICAL:=2.1:0.1} million, in {:MC:~Spain#no~=France &amp; more} "
    "and {1:MR:=a~%-100%b}.</p>"
)


def test_each_gap_of_a_cloze_is_a_question_that_reveals_no_other_gap() -> None:
    found = read(quiz("cloze", "", CLOZE))
    blank = r"(1) _____ has (2) _____ million, in (3) _____ and (4) _____."
    assert [item.stem.replace("\\", "") for item in found.items] == [
        f"{blank}\n\nWhat belongs in gap {gap}?" for gap in (1, 2, 3, 4)
    ]
    assert [item.form for item in found.items] == [
        portable.Words(("Paris",)),
        portable.Number(2.1, 0.1),
        portable.Options((Option("Spain", False, "no"), Option("France & more", True))),
        portable.Options((Option("a", True), Option("b", False)), True),
    ]
    assert "line 3: each gap of a cloze becomes a question (4 gaps)." in summed(found.remarks)


def test_a_category_is_the_topic_and_tags_and_feedback_are_kept() -> None:
    path = "<category><text>$course$/top/One//Two/Three</text></category>"
    more = "<generalfeedback><text>Because.</text></generalfeedback>"
    tags = "<tags><tag><text>difficulty-2</text></tag></tags>"
    text = quiz("shortanswer", answer("x", "100") + more + tags)
    found = read(text.replace("<quiz>", f'<quiz><question type="category">{path}</question>'))
    item = found.items[0]
    assert (item.topic, item.explanation, item.tags) == ("Three", "Because.", ("difficulty-2",))


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("essay", "", "line 3: Not imported: an essay, and nothing here grades free text (essay)."),
        ("calculated", "", "line 3: Not imported: its numbers are drawn at random (calculated)."),
        (
            "ddmarker",
            "",
            "line 3: Not imported: a question type without an equivalent here (ddmarker).",
        ),
        ("multichoice", answer("a", "100"), "line 3: Not imported: it has fewer than two options"),
        ("shortanswer", answer("a*", "100"), "line 3: Not imported: no single word is right."),
        ("numerical", answer("3,5", "100"), "line 3: Not imported: its answer is not a number ("),
        ("cloze", "", "line 3: Not imported: a cloze without a gap."),
        ("truefalse", answer("true", "100"), "line 3: Not imported: it does not have one answer"),
        (
            "shortanswer",
            f"{answer('a', '100')}<usecase>1</usecase>",
            "line 3: capitals count in the file, and not here.",
        ),
        (
            "multichoice",
            answer("a", "100") + answer("b", "50"),
            "line 3: an answer that is partly right in the file counts as wrong here ('b', 50 %).",
        ),
        (
            "shortanswer",
            f"{answer('a', '100')}<file name='x.png'>AAAA</file>",
            "line 3: a file is left out (x.png).",
        ),
        (
            "shortanswer",
            f"{answer('a', '100')}<hint><text>Think.</text></hint>",
            "line 3: feedback on all answers and hints are left out.",
        ),
    ],
)
def test_unsupported_questions_are_reported_with_their_line(
    kind: str, body: str, said: str
) -> None:
    found = summed(read(quiz(kind, body)).remarks)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_cloze_with_a_plugins_gap_is_refused_because_its_stem_would_show_the_answer() -> None:
    found = read(quiz("cloze", "", "One {1:REGEXP:=three} and {1:SA:=two}"))
    said = "line 3: Not imported: a gap of a type without an equivalent here (REGEXP)."
    assert (found.items, summed(found.remarks)) == ([], [said])


def test_the_xml_declaration_can_follow_an_empty_line() -> None:
    found = read(f"\n\n{quiz('shortanswer', answer('x', '100'))}")
    assert (found.items[0].line, list(found.remarks)) == (5, [])


def test_an_image_is_reported_once() -> None:
    stem = '<p>See <img src="@@PLUGINFILE@@/a.png" alt="A cat"></p>'
    body = answer("x", "100") + "<file name='a.png' encoding='base64'>AAAA</file>"
    found = read(quiz("shortanswer", body, stem))
    assert summed(found.remarks) == ["line 3: an image is left out (a.png)."]
    assert found.items[0].stem == "See (image: A cat)"


BOMB = "<!DOCTYPE quiz [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>\n<quiz>&b;</quiz>"
OUTSIDE = "<!DOCTYPE quiz [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n<quiz>&a;</quiz>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "line 1: Nothing from here on is imported: it defines a document type or entities."),
        (OUTSIDE, "line 1: Nothing from here on is imported: it defines a document type or enti"),
        (f"<quiz>{'<a>' * 100}", "line 1: Nothing from here on is imported: its elements are nes"),
        (
            f"<quiz><question>{'<a/>' * 30_000}",
            "line 1: Nothing from here on is imported: one of i",
        ),
        ("<quiz><question>\n</quiz>", "line 2: Nothing from here on is imported: it is not well-"),
    ],
)
def test_hostile_and_broken_files_are_refused(text: str, said: str) -> None:
    found = read(text)
    assert (list(found.items), str(found.remarks[0])[: len(said)]) == ([], said)


def test_questions_before_a_broken_line_are_imported() -> None:
    text = quiz("shortanswer", answer("x", "100")).replace("</quiz>", "\n<question>&nbsp;")
    found = read(text)
    assert (len(found.items), found.remarks[0].line) == (1, 4)


def test_an_export_of_the_app_is_read_completely() -> None:
    write = WRITERS["moodle"].write
    assert write
    found = read(decoded(write(SHEET)))
    assert list(found.remarks) == []
    for item, again in zip(SHEET.mapped, found.items, strict=True):
        form = (
            portable.Order(item.form.lines) if isinstance(item.form, portable.Order) else item.form
        )
        tags = (*item.tags, *([f"difficulty-{item.difficulty}"] if item.difficulty else ()))
        asked = replace(item, href="", kind="", tags=tags, difficulty=None, form=None)
        assert shown(replace(again, line=0, form=None)) == shown(asked)
        assert as_shown(again.form) == as_shown(form)


def shown(item: Item) -> Item:
    stem, after = markdown.block(item.stem), markdown.block(item.explanation)
    return replace(item, stem=stem, explanation=after, rule=markdown.inline(item.rule))


def as_shown(form: portable.Plain | None) -> object:
    match form:
        case portable.Options(options, multiple, shuffle):
            texts = [(markdown.inline(o.text), o.right, markdown.inline(o.why)) for o in options]
            return texts, multiple, shuffle
        case portable.Order(lines, strict):
            return [markdown.inline(line) for line in lines], strict
        case portable.Pairs(pairs, others):
            return [(markdown.inline(a), markdown.inline(b)) for a, b in pairs], others
    return form


def test_an_export_reports_what_moodle_cannot_hold() -> None:
    assert FORMATS["moodle"].left_out(SHEET) == [
        "Only one of several right orders is kept: lines.",
    ]
