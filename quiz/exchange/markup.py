"""HTML of other programs as Markdown. What a page here cannot show is written to read alike.

Superscripts become Unicode's or `^(…)`, tables text in columns, images their description.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from itertools import zip_longest
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.builder import ParserRejectedMarkup, builder_registry
from markdownify import BACKSLASH, MarkdownConverter

from quiz import marked
from quiz.exchange.tags import KNOWN, MARKS, raised, sunk
from quiz.exchange.texts import FENCE, HARD_BREAK, broken, escaped, from_text

TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)(>?)")
LANGUAGE = re.compile(r"\blanguage-([\w+#-]+)")
LINKS = ("http://", "https://", "mailto:")
# Of these the text is all that matters: what comes out can be held against what went in.
_TEXTUAL = "p br div span b strong i em u ins mark code kbd samp a font"
TEXTUAL = frozenset(_TEXTUAL.split())
LINES = frozenset(("p", "br"))
BLANKS = re.compile(r"[ \t\n\r\f]+")
BREAK = re.compile(r"<\s*/?\s*(p|br)\b[^>]*>", re.IGNORECASE)
DEEPEST = 200

Note = Callable[[str], None]


def ignore(_note: str) -> None:
    """For texts of which nothing has to be told."""


def from_html(html: str, note: Note = ignore) -> str:
    """As blocks of Markdown. `note` is called with each thing that a page here cannot show."""
    text, notes = _converted(html)
    for found in notes:
        note(found)
    return text


def from_moodle(text: str, note: Note = ignore) -> str:
    """Moodle's automatic format: HTML in which the end of a line is one, except beside a tag."""
    if "\n" in text:
        text = re.sub(r">\s+<", "><", text.strip())
        text = re.sub(r"\n(?=<)|(?<=>)\n", " ", text).replace("\n", "<br>")
    return from_html(text, note)


def in_line(markdown: str) -> str:
    """Blocks as lines of one paragraph, for an option or a cell, where no block is shown."""
    if "\n" not in markdown:
        return markdown
    lines = FENCE.sub(lambda fence: _code_lines(fence[2]), markdown).replace(HARD_BREAK, "\n")
    return HARD_BREAK.join(line.strip(" ") for line in lines.split("\n") if line.strip())


def _code_lines(code: str) -> str:
    return "\n".join(code_span(line) for line in code.split("\n") if line.strip())


def code_span(code: str) -> str:
    """A line of code in backticks; its indentation is kept."""
    line = re.sub(r"^ +", lambda blanks: "\u00a0" * len(blanks[0]), code.rstrip())
    longest = max(map(len, re.findall(r"`+", line)), default=0)
    ticks, blank = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{blank}{line}{blank}{ticks}"


@lru_cache(maxsize=4096)
def _converted(html: str) -> tuple[str, tuple[str, ...]]:
    notes: list[str] = []
    names: list[str] = []
    cleaned = TAG.sub(lambda found: _known(found, names, notes), html)
    if LINES.issuperset(names):
        # Most texts are like this, and to parse them takes a hundred times as long.
        return _lines(cleaned), tuple(dict.fromkeys(notes))
    try:
        soup = BeautifulSoup(cleaned, builder=_builder)
    except ParserRejectedMarkup:
        notes.append("markup that cannot be read is shown as text")
        return from_text(html), tuple(notes)
    if len(names) > DEEPEST and _depth(soup) > DEEPEST:
        notes.append("tags are nested too deeply, only their text is kept")
        return from_text(soup.get_text()), tuple(notes)
    text = broken(_converter.convert_to(soup, notes))
    is_bare = _converter.stressed_within_words and TEXTUAL.issuperset(names)
    if is_bare and _letters(marked.plain(text)) != _letters(soup.get_text()):
        notes.append("bold or italics within a word are left out")
        text = from_text(soup.get_text())
    return text, tuple(dict.fromkeys(notes))


def _lines(html: str) -> str:
    """Of paragraphs and line breaks, without a parser."""
    pieces = BREAK.split(BLANKS.sub(" ", html))
    texts = [escaped(unescape(text).strip(" ")) for text in pieces[::2]]
    breaks = [HARD_BREAK if tag.lower() == "br" else "\n\n" for tag in pieces[1::2]]
    return broken("".join(f"{text}{end}" for text, end in zip_longest(texts, breaks, fillvalue="")))


def _known(found: re.Match[str], names: list[str], notes: list[str]) -> str:
    """A tag that HTML has stays; anything else in angle brackets is text, as in `List<int>`."""
    name = found[2].lower()
    if found[4] and (name in KNOWN or ":" in name):
        names.append(name)
        return found[0]
    if found[4] and not found[1]:
        notes.append(f"<{found[2]}> is not a tag of HTML; it is shown as text")
    return f"&lt;{found[0][1:]}"


def _depth(soup: BeautifulSoup) -> int:
    return max((sum(1 for _ in tag.parents) for tag in soup.find_all(True)), default=0)


def _letters(text: str) -> str:
    return "".join(text.split())


class _Converter(MarkdownConverter):
    """One for all texts, since to make one takes as long as to convert a short text."""

    def __init__(self) -> None:
        super().__init__(newline_style=BACKSLASH, autolinks=False, bullets="-")
        self._notes: list[str] = []
        self.stressed_within_words = False

    def convert_to(self, soup: BeautifulSoup, notes: list[str]) -> str:
        self._notes, self.stressed_within_words = notes, False
        return str(self.convert_soup(soup))

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return "\n"
        return " " if "_inline" in parent_tags else HARD_BREAK

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        lines = (code_span(line) for line in text.strip("\n").split("\n") if line.strip())
        return HARD_BREAK.join(lines)

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = text.replace("\u00a0", " ").strip("\n").rstrip()
        if not code or "_table" in parent_tags:
            return code
        inner = el.find("code") if el.name == "pre" else None
        names = inner.get("class") if isinstance(inner, Tag) else None
        language = LANGUAGE.search(" ".join(names or ()))
        fence = "```"
        while fence in code:
            fence += "`"
        return f"\n\n{fence}{language[1] if language else ''}\n{code}\n{fence}\n\n"

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return raised(text)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return sunk(text, "_" if "_noformat" in parent_tags else "\\_")

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(text.split())
        return f"\n\n{'#' * n} {words}\n\n" if words else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "").strip()
        if "_noformat" in parent_tags or not text.strip() or not href.lower().startswith(LINKS):
            return text
        address = re.sub(r"[\s<>]", "", href)
        return f"[{text.strip()}](<{address}>)"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        source = str(el.get("src") or "")
        name = "image" if source.startswith("data:") else source.rpartition("/")[2] or "image"
        self._notes.append(f"the image {name} is left out")
        said = " ".join(str(el.get("alt") or name).split())
        return f"(image: {said if '_noformat' in parent_tags else escaped(said)})"

    def _media(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self._notes.append(f"what <{el.name}> shows is left out")
        return text

    convert_video = convert_audio = convert_iframe = convert_object = convert_svg = _media
    convert_math = convert_embed = convert_canvas = _media

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\u201c{text}\u201d"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        rows = [row.find_all(["td", "th"]) for row in el.find_all("tr")]
        cells = [[self._cell(cell) for cell in row] for row in rows if row]
        caption = el.find("caption")
        title = f"{caption.get_text(' ', strip=True)}\n" if isinstance(caption, Tag) else ""
        code = title + _columns(cells)
        return self.convert_pre(el, code, parent_tags)

    def _cell(self, cell: Tag) -> str:
        # Its stub lacks what its documentation names.
        text = self.process_tag(cell, parent_tags={"_noformat", "_table"})  # type: ignore[attr-defined]
        return " ".join(str(text).split())

    def _as_it_is(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    convert_td = convert_th = convert_tr = convert_caption = _as_it_is


def _marked(mark: str) -> Any:
    """Marks around the words, where Markdown would see them: not amid a word's letters."""

    def convert(self: _Converter, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip()
        if "_noformat" in parent_tags or not words:
            return text
        before = " " if text[0].isspace() else ""
        after = " " if text[-1].isspace() else ""
        left, right = el.previous_sibling, el.next_sibling
        if not before and left is not None and not str(left)[-1:].isspace():
            self.stressed_within_words = True
        if not after and right is not None and not str(right)[:1].isspace():
            self.stressed_within_words = True
        return f"{before}{mark}{words}{mark}{after}"

    return convert


for _tag, _mark in MARKS.items():
    setattr(_Converter, f"convert_{_tag}", _marked(_mark))
_converter = _Converter()
_Builder = builder_registry.lookup("html.parser")
assert _Builder
# One for all texts, too: it takes half of the time of a short one.
_builder = _Builder()


def _columns(rows: list[list[str]]) -> str:
    """Cells below each other, a rule under the first row."""
    count = max(map(len, rows), default=0)
    filled = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max(len(row[place]) for row in filled) for place in range(count)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in filled
    ]
    if len(lines) > 1:
        lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)
