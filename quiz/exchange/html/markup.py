"""HTML of other programs as Markdown, with equivalents for what our pages cannot show.

Superscripts become Unicode characters or `^(…)`, tables become text in columns, images their
description.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.builder import ParserRejectedMarkup, builder_registry
from markdownify import BACKSLASH, MarkdownConverter

from quiz import markdown
from quiz.exchange.html.flat import from_flat
from quiz.exchange.html.tags import KNOWN, MARKS, raised, sunk
from quiz.exchange.texts import HARD_BREAK, broken, code_span, escaped, from_text

TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)(>?)")
LANGUAGE = re.compile(r"\blanguage-([\w+#-]+)")
CODE = re.compile(r"(`+).*?\1", re.DOTALL)
TABLE = re.compile(r"^[ |]*:?-{3,}:?[ ]*\|[-:| ]*$", re.MULTILINE)
LINKS = ("http://", "https://", "mailto:")
_BLOCKS = "p div ul ol li pre table blockquote hr h1 h2 h3 h4 h5 h6 dl dt dd section article"
BLOCKS = frozenset(_BLOCKS.split())
# Written at both ends of code during conversion, because adjacent backticks would merge.
EDGE = "\ufdd1"
FLAT = frozenset(("p", "br", "b", "strong", "i", "em", "code"))
DEEPEST = 200

# A callback: what cannot be shown, and the detail in which equal remarks differ.
Note = Callable[[str, str], None]
Notes = list[tuple[str, str]]


def ignore(_text: str, _about: str) -> None:
    """The callback for texts whose losses are not reported."""


def from_html(html: str, note: Note = ignore) -> str:
    """HTML as blocks of Markdown. `note` is called with each thing that our pages cannot show."""
    text, notes = _converted(html)
    for said, about in notes:
        note(said, about)
    return text


def from_moodle(text: str, note: Note = ignore) -> str:
    """Moodle's automatic format: HTML in which a line end is a line break, except beside a tag."""
    if "\n" in text:
        text = re.sub(r">\s+<", "><", text.strip())
        text = re.sub(r"\n(?=<)|(?<=>)\n", " ", text).replace("\n", "<br>")
    return from_html(text, note)


def lost_in_markdown(text: str) -> list[str]:
    """The markup of another program's Markdown that our pages show as text."""
    if "<" not in text and "|" not in text:
        return []
    bare = CODE.sub("", text)
    said = []
    if any(found[4] and found[2].lower() in KNOWN for found in TAG.finditer(bare)):
        said.append("HTML within Markdown is shown as text")
    if TABLE.search(bare):
        said.append("a table of Markdown is shown as text")
    return said


# Python's parser rejects such a section in older releases and drops its text in newer ones.
MARKED_SECTION = re.compile(r"<!\[(?!CDATA\[|if\b|endif\b|else\b)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _converted(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    notes: Notes = []
    names: list[str] = []
    cleaned = TAG.sub(lambda found: _known(found, names, notes), html)
    if FLAT.issuperset(names) and (flat := from_flat(cleaned)) is not None:
        return flat, tuple(dict.fromkeys(notes))
    try:
        if MARKED_SECTION.search(html):
            raise ParserRejectedMarkup("a marked section that HTML does not have")
        soup = BeautifulSoup(cleaned, builder=_builder, element_classes={Tag: _Node})
    except ParserRejectedMarkup:
        notes.append(("markup that cannot be read is shown as text", ""))
        return from_text(html), tuple(notes)
    if len(names) > DEEPEST and _depth(soup) > DEEPEST:
        notes.append(("tags are nested too deeply; only their text is kept", ""))
        return from_text(soup.get_text()), tuple(notes)
    text = broken(_converter.convert_to(soup, notes))
    if _converter.stressed_in_doubt:
        bare = broken(_converter.convert_to(soup, [], stressed=False))
        if _letters(markdown.plain(text)) != _letters(markdown.plain(bare)):
            notes.append(("bold or italics within a word are left out", ""))
            text = bare
    return text, tuple(dict.fromkeys(notes))


def _known(found: re.Match[str], names: list[str], notes: Notes) -> str:
    """Keeps the tags of HTML; anything else in angle brackets is text, as in `List<int>`."""
    name = found[2].lower()
    if found[4] and (name in KNOWN or ":" in name):
        names.append(name)
        return found[0]
    if found[4] and not found[1]:
        notes.append(("a tag that HTML does not have is shown as text", f"<{found[2]}>"))
    return f"&lt;{found[0][1:]}"


def _depth(soup: BeautifulSoup) -> int:
    return max((sum(1 for _ in tag.parents) for tag in soup.find_all(True)), default=0)


def _letters(text: str) -> str:
    return "".join(text.split())


class _Node(Tag):
    """A tag that finds parents by name alone, because each tag is asked for a `pre` around it."""

    def find_parent(self, name: str) -> Tag | None:  # type: ignore[override]
        return next((parent for parent in self.parents if parent.name == name), None)


class _Converter(MarkdownConverter):
    """The converter, one for all texts: creating one takes as long as converting a short text."""

    def __init__(self) -> None:
        super().__init__(newline_style=BACKSLASH, autolinks=False, bullets="-")
        self._notes: Notes = []
        self.stressed = True
        self.stressed_in_doubt = False

    def convert_to(self, soup: BeautifulSoup, notes: Notes, stressed: bool = True) -> str:
        self._notes, self.stressed, self.stressed_in_doubt = notes, stressed, False
        return str(self.convert_soup(soup)).replace(EDGE * 2, " ").replace(EDGE, "")

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return "\n"
        if "_inline" in parent_tags:
            return " "
        return "\n" if _ends_block(el) else HARD_BREAK

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        lines = (code_span(line) for line in text.strip("\n").split("\n") if line.strip())
        return f"{EDGE}{HARD_BREAK.join(lines)}{EDGE}"

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_li(el, broken(text), parent_tags))  # type: ignore[misc]

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
        self._notes.append(("an image is left out", name))
        said = " ".join(str(el.get("alt") or name).split())
        return f"(image: {said if '_noformat' in parent_tags else escaped(said)})"

    def _media(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self._notes.append(("audio, video or another object is left out", f"<{el.name}>"))
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
        # The stub lacks this documented option.
        text = self.process_tag(cell, parent_tags={"_noformat", "_table"})  # type: ignore[attr-defined]
        return " ".join(str(text).split())

    def _as_it_is(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    convert_td = convert_th = convert_tr = convert_caption = _as_it_is


def _ends_block(el: Tag) -> bool:
    """Whether a block starts or ends after a line break, so that the break has no effect."""
    while True:
        after = el.next_sibling
        while after is not None and not isinstance(after, Tag) and not str(after).strip():
            after = after.next_sibling
        if isinstance(after, Tag) and after.name == "br":
            el = after
            continue
        if isinstance(after, Tag):
            return after.name in BLOCKS
        parent = el.parent
        if after is not None or parent is None:
            return False
        if parent.name in BLOCKS:
            return True
        el = parent


def _marked(mark: str) -> Any:
    """The words in marks. Blanks and line breaks at their ends stay outside."""

    def convert(self: _Converter, el: Tag, text: str, parent_tags: set[str]) -> str:
        is_stressed = any(MARKS.get(tag) == mark for tag in parent_tags)
        before, words, after = _ends(text)
        if "_noformat" in parent_tags or not words or is_stressed or not self.stressed:
            return text
        beside = str(el.previous_sibling or " ")[-1] + str(el.next_sibling or " ")[0]
        is_clear = words[0].isalnum() and words[-1].isalnum() and beside.isspace()
        if not is_clear or HARD_BREAK in words:
            self.stressed_in_doubt = True
        return f"{before}{mark}{words}{mark}{after}"

    return convert


def _ends(text: str) -> tuple[str, str, str]:
    """The words without, and the blanks and line breaks before and after them."""
    words = text.lstrip()
    while words.startswith(HARD_BREAK):
        words = words[len(HARD_BREAK) :].lstrip()
    before = text[: len(text) - len(words)]
    kept = broken(words)
    return before, kept, words[len(kept) :] if words.startswith(kept) else ""


for _tag, _mark in MARKS.items():
    setattr(_Converter, f"convert_{_tag}", _marked(_mark))
_converter = _Converter()
_Builder = builder_registry.lookup("html.parser")
assert _Builder
# One for all texts, too: creating it takes half the time of converting a short text.
_builder = _Builder()


def _columns(rows: list[list[str]]) -> str:
    """Cells in aligned columns, with a rule under the first row."""
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
