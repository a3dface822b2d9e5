"""HTML and plain text as Markdown: a page shows the same text."""

import html
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from quiz import markdown
from quiz.exchange.found import Notes, summed
from quiz.exchange.html.flat import from_flat
from quiz.exchange.html.markup import from_html, from_moodle
from quiz.exchange.texts import Identifiers, escaped, from_plain, from_text, in_line


def told(text: str) -> list[str]:
    notes = Notes(0)
    from_html(text, notes.add)
    return summed(notes.remarks)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("<p>2<sup>10</sup></p>", "2¹⁰"),
        ("10<sup>-3</sup> H<sub>2</sub>O", "10⁻³ H₂O"),
        ("x<sup>Q</sup> y<sup>a*b</sup> z<sub>Max</sub>", r"x^Q y^(a\*b) z\_(Max)"),
        ("<code>2<sup>10</sup> x<sub>Q</sub></code>", "`2¹⁰ x_Q`"),
        ("<s>old</s> <del>a</del> <strike>b</strike>", "~~old~~ ~~a~~ ~~b~~"),
        ("<b>bold</b> <i>it</i> <u>under</u>", "**bold** *it* *under*"),
        ("&copy; &eacute; &lt;b&gt; &amp;lt; &hellip;", r"© é \<b> \&lt; …"),
        ("<p>a</p><p>b<br/>c</p>", "a\n\nb\\\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<code>f(*a)</code>", "`f(*a)`"),
        ("<code>a`b</code>", "`` a`b ``"),
        ("<h3>Head</h3><p>text</p>", "### Head\n\ntext"),
        ('<a href="https://a.example/x_(y)">it</a>', "[it](<https://a.example/x_(y)>)"),
        ("1. one<br>- two<br># three", "1\\. one\\\n\\- two\\\n\\# three"),
        ("__init__ of snake_case", r"\_\_init\_\_ of snake_case"),
        (r"\(\frac{1}{2}\) is a half", r"\\(\\frac{1}{2}\\) is a half"),
        ("a<b", r"a\<b"),
        ("<b>(a)</b>b", "(a)b"),
        ("A&nbsp;B", "A\u00a0B"),
        ("<p>a<br></p><pre>b</pre>", "a\n\n```\nb\n```"),
        ("a\\\\<br><br>b\\", "a\\\\\\\\\n\nb\\\\"),
    ],
)
def test_html_becomes_markdown_with_the_same_text(given: str, made: str) -> None:
    assert from_html(given) == made


def test_code_keeps_its_lines_spaces_and_language() -> None:
    code = (
        '<pre><code class="language-python">def f(a):<br>    return a &lt; 1\n\n\n# *</code></pre>'
    )
    assert from_html(f"{code}<p>So?</p>") == (
        "```python\ndef f(a):\n    return a < 1\n\n\n# *\n```\n\nSo?"
    )


def test_a_table_becomes_text_in_columns() -> None:
    rows = "<tr><th>Name</th><th>Runs</th></tr><tr><td>x<sup>2</sup></td><td><b>1*</b></td></tr>"
    made = from_html(f"See<table>{rows}</table>")
    assert made == "See\n\n```\nName | Runs\n-----+-----\nx²   | 1*\n```"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("<img src='@@PLUGINFILE@@/a.png'>", "an image is left out (a.png)."),
        ("<img src='data:image/png;base64,AAAA'>", "an image is left out (image)."),
        ("<video src='x'>v</video>", "audio, video or another object is left out (<video>)."),
        ("A List<int> here", "a tag that HTML does not have is shown as text (<int>)."),
        ("a<b>(x)</b>y", "bold or italics within a word are left out."),
        ("<![x <b>y</b>", "markup that cannot be read is shown as text."),
        ("<div>" * 3000 + "deep", "tags are nested too deeply; only their text is kept."),
    ],
)
def test_content_that_a_page_cannot_show_is_reported(given: str, said: str) -> None:
    assert told(given) == [said]


@pytest.mark.parametrize(
    "given",
    [
        "<script>alert(1)</script>x",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVaScRiPt:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<img src=x onerror=alert(1)>x",
        "<style>p{}</style><svg onload=alert(1)>x</svg>",
        "&lt;script&gt;alert(1)&lt;/script&gt;x",
        "[x](javascript:alert(1))",
    ],
)
def test_no_imported_html_can_run_script(given: str) -> None:
    shown = markdown.block(from_html(given))
    assert not re.search(r"<(?!/?(?:p|em|strong)>)", shown)
    assert "x" in shown


SIGNS = st.text(st.sampled_from(list("ab1 \\`*_[]<>#&;!+-=.()~|{}/:\"'\n")), max_size=40)

ANY = st.text(max_size=60).map(lambda text: text.translate({0: None, 13: None}))


@given(SIGNS | ANY)
@example("- a\n---\n===\n1) b\n> c\n~~~\n    d\n&amp; <a> <!-- x")
@example("_____\n***\n+ ")
def test_plain_text_is_shown_with_the_same_characters_and_lines(text: str) -> None:
    shown = re.sub(r"</p>\s*<p>|<br />\n?", "\n", markdown.block(from_text(text)))
    assert "<" not in re.sub(r"</?p>", "", shown)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    made = [
        " ".join(line.split()) for line in html.unescape(re.sub(r"</?p>", "", shown)).split("\n")
    ]
    assert [line for line in made if line] == [line for line in lines if line]


@given(SIGNS)
def test_escaped_text_is_shown_with_the_same_characters_in_html(text: str) -> None:
    one_line = " ".join(text.split())
    shown = html.unescape(markdown.inline(from_html(f"<p>{html.escape(one_line)}</p>")))
    assert shown == one_line
    assert html.unescape(markdown.inline(escaped(one_line))) == one_line


@given(st.text(st.sampled_from(list("ab<>/&;\"'= !-[]pbrisuptdle")), max_size=60))
def test_any_html_can_be_read_without_an_error(text: str) -> None:
    assert "<script" not in markdown.block(from_html(text))


WORDS = st.sampled_from(
    ["a", "b1 ", " x*y", "_z_", "# h", "1. k", "&lt;t&gt;", "`q`", r"\(", "<br>"]
)
INLINE = st.recursive(
    st.lists(WORDS, min_size=1, max_size=3).map("".join),
    lambda inner: st.tuples(WORDS, st.sampled_from(["b", "i", "code", "span"]), inner, WORDS).map(
        lambda part: f"{part[0]}<{part[1]}>{part[2]}</{part[1]}>{part[3]}"
    ),
    max_leaves=5,
)
BLOCKS = st.recursive(
    st.builds("<p>{}</p>".format, INLINE) | st.just("<pre>x \\\n\n\n  y</pre>") | INLINE,
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(
        lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    ),
    max_leaves=5,
)


@given(st.lists(BLOCKS, min_size=1, max_size=3).map("".join))
@example("<p>a<b>(x)</b>y <i>a<br><br>b</i></p><code>a</code><code>b</code><ul><li><br>c</li></ul>")
def test_no_character_of_a_text_is_lost_or_added(given: str) -> None:
    shown = BeautifulSoup(markdown.block(from_html(given)), "html.parser").get_text()
    asked = BeautifulSoup(given, "html.parser").get_text()
    assert "".join(shown.split()) == "".join(asked.split())


CLEAR = st.builds(
    "{0} <{1}>{2}</{1}> {3}".format,
    WORDS,
    st.sampled_from(["b", "strong", "i", "em", "code"]),
    st.sampled_from(["a", "b1 c", "x*y", "l &lt;t&gt; r"]),
    WORDS,
)


@given(st.lists(CLEAR | st.builds("<p>{}</p>".format, CLEAR), min_size=1, max_size=4).map("".join))
@example("<p dir='ltr'>The <strong>bold</strong>, <code>f(x)</code>.<br></p><p>- <em>a b</em></p>")
def test_the_fast_path_for_flat_html_gives_the_same_result(given: str) -> None:
    flat = from_flat(given)
    assert flat is not None
    shown = BeautifulSoup(markdown.block(flat), "html.parser")
    asked = BeautifulSoup(given, "html.parser")
    assert "".join(shown.get_text().split()) == "".join(asked.get_text().split())
    for marked_as, names in (("strong", ["b", "strong"]), ("em", ["i", "em"]), ("code", ["code"])):
        assert len(shown.find_all(marked_as)) == len(asked.find_all(names))


def test_the_moodle_format_keeps_line_ends_except_beside_tags() -> None:
    assert from_moodle("a\nb <b>c</b>\nd\n\ne") == "a\\\nb **c** d\n\ne"


def test_plain_text_keeps_its_indentation() -> None:
    assert from_plain("if x:\n    y  z") == "if x:\\\n" + "\u00a0" * 4 + "y\u00a0\u00a0z"


def test_blocks_become_lines_in_inline_text() -> None:
    made = in_line(from_html("<p>a</p><pre>x\n  y</pre><p>b</p>"))
    assert made == "a\\\n`x`\\\n`\u00a0\u00a0y`\\\nb"


def test_twenty_thousand_questions_with_one_name_quickly_get_ids() -> None:
    ids = Identifiers()
    found = [ids.new("Größe") for _ in range(20_000)]
    assert (found[0], found[-1], len(set(found))) == ("grosse", "grosse-20000", 20_000)
