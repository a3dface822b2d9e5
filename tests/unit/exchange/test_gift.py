"""GIFT: exported, read back by another library and by the app, and imported from other programs."""

import warnings
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.exchange import WRITERS
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, no_progress
from quiz.exchange.readers import READERS
from quiz.questions import portable
from tests.sheets import CHOICE, DRAWN, LINES, NUMBER, ORDER, SEVERAL, SHEET

with warnings.catch_warnings():
    # It asks for the locale in a way that Python will not know much longer.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pygiftparser import parser as another

WITH_TAGS = "Which of these is **not** a queue?\\\nIs 1 < 2?"
ARROW = Item("arrow", "Which arrow?", portable.Words(("->",)), kind="text")


def write(*items: Item) -> str:
    written = WRITERS["gift"].write
    assert written
    return written(replace(SHEET, items=items)).decode()


def read(text: str) -> Found:
    return READERS["gift"].read(text, no_progress)


def one(text: str) -> Item:
    found = read(text)
    assert len(found.items) == 1
    return found.items[0]


def remarks(text: str) -> list[str]:
    return [str(remark) for remark in read(text).remarks]


# Written, and read by another


# The other reader has no numbers below zero, and an option ends there at a brace, even an escaped.
ABOVE_ZERO = replace(NUMBER, form=portable.Number(2.5, 0.25))
NO_BRACES = replace(
    CHOICE,
    form=portable.Options(
        (portable.Option("a = b # ~", True, "Yes: so."), portable.Option("%", False))
    ),
)


def elsewhere(*items: Item) -> list[Any]:
    return list(another.parseFile(StringIO(write(*items))))


def test_another_library_reads_every_question_in_its_form() -> None:
    asked = {CHOICE.id: NO_BRACES, NUMBER.id: ABOVE_ZERO}
    found = elsewhere(*(asked.get(item.id, item) for item in SHEET.items))
    assert [(question.title, question.valid) for question in found] == [
        (item.id, True) for item in SHEET.mapped
    ]
    assert [type(question.answers).__name__ for question in found] == [
        *("SelectSet", "MultipleChoicesSet", "MatchingSet"),
        *("NumericAnswerSet", "ShortSet", "MatchingSet"),
    ]


def test_another_library_reads_weights_reasons_and_numbers() -> None:
    several, seconds = elsewhere(SEVERAL, ABOVE_ZERO)
    weights = [(a.answer, a.fraction, a.feedback) for a in several.answers.answers]
    assert weights[0] == ("One", 33.33333, "Yes.")
    assert weights[3] == ("Four", -33.33333, "No.")
    number = seconds.answers.answers[0]
    assert (number.value, number.tolerance) == (2.5, 0.25)


def test_questions_that_gift_cannot_hold_become_comments() -> None:
    text = write(CHOICE, DRAWN, ARROW)
    assert "// Not mapped: drawn\n" in text
    assert "// Not mapped: arrow\n" in text
    assert "Draw it." not in text


def test_an_export_reports_orders_and_words_that_gift_cannot_hold() -> None:
    form = portable.Options(
        (portable.Option("1", True), portable.Option("2", False)), shuffle=False
    )
    sheet = replace(SHEET, items=(Item("fixed", "Which?", form), ARROW))
    assert WRITERS["gift"].left_out(sheet) == [
        "GIFT cannot keep the order of options: fixed.",
        "Not mapped, because a word has an arrow: arrow.",
    ]


# Written, and read again


def test_every_form_of_question_is_read_back_with_its_punctuation() -> None:
    found = read(write(*SHEET.mapped))
    assert found.remarks == []
    # There is but one order there, and no unit.
    lost = {ORDER.id: portable.Order(LINES), NUMBER.id: portable.Number(-2.5, 0.25)}
    for item, again in zip(SHEET.mapped, found.items, strict=True):
        assert (again.id, again.stem, again.topic) == (item.id, item.asked, item.topic)
        assert again.form == lost.get(item.id, item.form)
        assert again.explanation.startswith(item.explanation)


def texts(least: int = 1) -> st.SearchStrategy[str]:
    """Any text: without blanks around it, which no format keeps, and characters that are none."""
    no_text = [chr(code) for code in range(0xFDD0, 0xFDF0)]
    letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=no_text)
    signs = st.sampled_from(list("\\~=#{}:%[]->\n*`1"))
    return st.text(letters | signs, max_size=30).map(str.strip).filter(lambda t: len(t) >= least)


def options() -> st.SearchStrategy[portable.Options]:
    drawn = st.builds(portable.Option, texts(), st.booleans(), texts(0))
    several = st.lists(drawn, min_size=2, max_size=5).filter(lambda o: any(x.right for x in o))
    return several.map(lambda o: portable.Options(tuple(o), sum(x.right for x in o) > 1))


FORMS = st.one_of(
    options(),
    st.lists(texts(), min_size=2, max_size=5).map(lambda lines: portable.Order(tuple(lines))),
    st.builds(
        portable.Number,
        st.integers(-(10**6), 10**6).map(lambda n: n / 100),
        st.integers(0, 10**4).map(lambda n: n / 100),
    ),
    st.lists(texts().filter(lambda t: "->" not in t), min_size=1, max_size=3).map(
        lambda words: portable.Words(tuple(words))
    ),
)


@given(texts(), FORMS, texts(0))
@example("[moodle]", portable.Words(("[plain]",)), "[html]")
def test_any_exported_question_is_read_back(stem: str, form: portable.Plain, after: str) -> None:
    found = read(write(Item("a", stem, form, "T", explanation=after)))
    # Markdown is not lost, because it stays in the text.
    told = [remark.text for remark in found.remarks if "Markdown" not in remark.text]
    assert told == []
    item = found.items[0]
    assert (item.stem, item.form, item.explanation) == (stem, form, after)


# As others write it: examples of the format's own page


def test_a_choice_is_read_with_its_feedback() -> None:
    item = one("What two people?{\n~Jefferson#No.\n=Grant # Yes\n~Nobody\n####General}")
    assert item.form == portable.Options(
        (
            portable.Option("Jefferson", False, "No."),
            portable.Option("Grant", True, "Yes"),
            portable.Option("Nobody", False),
        )
    )
    assert item.explanation == "General"


def test_a_missing_word_leaves_a_gap() -> None:
    item = one("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert item.stem == "Grant is _____ in Grant's tomb."


def test_true_and_false_are_read_with_their_feedback() -> None:
    item = one("::Q1:: Grant was buried in 1885.{F#No, it is not so.#Well done}")
    assert item.id == "q1"
    assert item.form == portable.Options(
        (
            portable.Option("True", False, "No, it is not so."),
            portable.Option("False", True, "Well done"),
        ),
        shuffle=False,
    )


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [
        ("When?{#1822:5}", 1822, 5),
        ("Pi?{#3.141..3.142}", 3.1415, 0.0005),
        ("When?{#\n=1822:0\n=%50%1822:2\n}", 1822, 0),
        ("How cold?{#-3}", -3, 0),
    ],
)
def test_a_number_can_be_written_in_several_ways(text: str, value: float, tolerance: float) -> None:
    form = one(text).form
    assert isinstance(form, portable.Number)
    assert [form.value, form.tolerance] == pytest.approx([value, tolerance])


def test_words_and_pairs_are_read() -> None:
    assert one("Two plus two equals {=four =4}").form == portable.Words(("four", "4"))
    item = one("Match.{=Canada -> Ottawa =Italy -> Rome = -> Oslo}")
    assert item.form == portable.Pairs((("Canada", "Ottawa"), ("Italy", "Rome")), ("Oslo",))


def test_comments_categories_names_and_formats_are_understood() -> None:
    item = one(
        "// a comment\n\n$CATEGORY: $course$/top/One//Two/Three\n\n"
        "// [id:the-id] [tag:x]\n::A name::[html]<p>Is <b>this</b> 2*3*4?</p>{TRUE}"
    )
    assert (item.id, item.topic, item.tags) == ("the-id", "Three", ("x",))
    assert item.stem == r"Is **this** 2\*3\*4?"


def test_without_a_format_markdown_characters_are_plain_text() -> None:
    assert one("Is 2*3*4 `24`?{T}").stem == r"Is 2\*3\*4 \`24\`?"
    assert one("[markdown]Is *this*?{T}").stem == "Is *this*?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n\nJust a text.", "line 3: Not imported: a text without answers (a description)."),
        ("Write about Grant. {}", "line 1: Not imported: an essay, and nothing here grades"),
        ("// one\nWho?{~A ~B}", "line 2: Not imported: it has fewer than two options, or none of"),
        ("Who?{=A", "line 1: Not imported: its braces do not match, or an empty line"),
        ("}Who{", "line 1: Not imported: its braces do not match, or an empty line"),
        ("When?{#soon}", "line 1: Not imported: its answer is not a number ('soon')."),
        ("When?{#1_000}", "line 1: Not imported: its answer is not a number ('1_000')."),
        ("When?{#*}", "line 1: Not imported: no number is right."),
        (
            "When?{#=1 =2}",
            "line 1: several numbers are right in the file; here only the first (1).",
        ),
        ("Who?{=Grant =%50%Lee}", "line 1: an answer that is partly right in the file counts as"),
        ("Who?{=Gr* =Lee}", "line 1: a pattern of words is left out ('Gr*')."),
        ("Who?{~%50%A =B}", "line 1: an answer that is partly right in the file counts as wrong"),
        ("Who?{~%60%A ~%40%B ~C}", "line 1: options have different weights in the file"),
        ("Who?{=A =B ~C}", "line 1: any one of the right options is enough in the file"),
        ("Match.{=A -> B =C}", "line 1: Not imported: a line of its matching has no arrow."),
        (
            "Match.{=A -> B =C -> D =E ->}",
            "line 1: a line of a matching without an answer is left out ('E').",
        ),
        ("{=A ~B}", "line 1: Not imported: it asks nothing."),
        ("[markdown]2<sup>3</sup>?{T}", "line 1: HTML within Markdown is shown as text."),
        ("[markdown]a | b\n--- | ---\n1 | 2{T}", "line 1: a table of Markdown is shown as text."),
        ("a {=b} c {=d}", r"line 1: Not imported: more braces follow its answers; write \{ and \}"),
        ("Set?{={}#no =set()#yes}", "line 1: Not imported: more braces follow its answers"),
        ('[html]<img src\\="a/b.png" alt\\="B">?{T}', "line 1: an image is left out (b.png)."),
    ],
)
def test_unsupported_questions_are_reported_with_their_line(text: str, said: str) -> None:
    found = remarks(text)
    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Two plus two equals {=four =4}.", "Two plus two equals _____."),
        ("A list: {=x}, then?", "A list: _____, then?"),
        ("::no end Which?{T}", "no end Which?"),
        ("Which of these is <b>not</b> a queue?<br>Is 1 &lt; 2?{T}", WITH_TAGS),
        ("[html]2<sup>10</sup> and x<sub>n+1</sub>{T}", "2¹⁰ and xₙ₊₁"),
        ("One line\nand another.{T}", "One line\\\nand another."),
        ("[plain]a  <b> *\n  b{T}", "a\u00a0\u00a0\\<b> \\*\\\n\u00a0\u00a0b"),
    ],
)
def test_a_stem_is_shown_as_in_moodle(text: str, stem: str) -> None:
    assert one(text).stem == stem


def test_the_last_general_feedback_and_all_of_a_right_answers_feedback_count() -> None:
    item = one("Sky?{T#no#yes #1####first####last}")
    assert (item.explanation, item.form) == (
        "last",
        portable.Options(
            (
                portable.Option("True", True, "yes #1####first"),
                portable.Option("False", False, "no"),
            ),
            shuffle=False,
        ),
    )


def test_an_option_with_full_weight_is_right_with_any_prefix() -> None:
    form = one("Which?{~%100%A ~%-50%B =C}").form
    assert isinstance(form, portable.Options)
    assert [option.right for option in form.options] == [True, False, True]


def test_an_option_without_prefix_is_wrong_unless_it_has_a_weight() -> None:
    form = one("Who?{Lee ~Grant =Lincoln}").form
    assert isinstance(form, portable.Options)
    assert [option.right for option in form.options] == [False, False, True]
    form = one("Who?{%50%Lee ~%50%Grant ~%-50%Lincoln}").form
    assert isinstance(form, portable.Options)
    assert [(option.text, option.right) for option in form.options] == [
        ("Lee", True),
        ("Grant", True),
        ("Lincoln", False),
    ]


def test_numbers_before_arrows_are_items_of_a_matching_question() -> None:
    item = one("Wheels?{=1 -> unicycle =2 -> bicycle =3 -> bicycle}")
    pairs = (("1", "unicycle"), ("2", "bicycle"), ("3", "bicycle"))
    assert item.form == portable.Pairs(pairs)


def test_an_ordering_question_of_moodle_is_read() -> None:
    item = one("::O::Order.{>3 ALL VERTICAL ABSOLUTE SHOW 123\nfirst\nsecond\nthird\n}")
    assert item.form == portable.Order(("first", "second", "third"))


def test_tags_and_ids_of_comments_belong_to_their_own_block() -> None:
    found = read("// [id:lost]\n\n// [tag: a\\]b ] [id: x ]\n::N::One?{T}\n\nTwo?{T}")
    assert [(item.id, item.tags) for item in found.items] == [("x", ("a]b",)), ("two", ())]


@given(
    st.text(max_size=200) | st.text(st.sampled_from(list("ab{}=~#%-> :\n\\/[]$*1")), max_size=60)
)
def test_any_text_can_be_read_without_an_error(text: str) -> None:
    found = read(text)
    assert isinstance(found.items, list)


def test_code_in_html_stays_code() -> None:
    html = "[html]<p>Which <code>a*b</code>?</p><pre><code>x \\= 1\\ny \\= 2</code></pre>{T}"
    assert one(html.replace("\\\\", "\\")).stem == "Which `a*b`?\n\n```\nx = 1\ny = 2\n```"


def test_two_questions_never_have_the_same_id() -> None:
    found = read("::Same::One?{T}\n\n::Same::Two?{T}")
    assert [item.id for item in found.items] == ["same", "same-2"]
