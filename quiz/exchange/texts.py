"""Texts of other programs as Markdown, and names for their questions."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from quiz import marked

MARKDOWN = re.compile(r"([\\`*_\[\]<>&#~!|]|^\s*(?:[-+]|\d+[.)])(?=\s))", re.MULTILINE)
MARKS = {"code": "`", "b": "**", "strong": "**", "i": "*", "em": "*"}
BEFORE = {**MARKS, "pre": "\n\n```\n", "p": "\n\n", "br": "\n", "li": "\n- ", "div": "\n"}
AFTER = {**MARKS, "pre": "\n```\n\n", "p": "\n\n"}
LONGEST = 60


def from_text(text: str) -> str:
    """A text in which no sign means anything, as Markdown that reads the same."""
    if marked.plain(text) == " ".join(text.split()):
        return text
    return MARKDOWN.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text)


def from_html(html: str) -> str:
    """Of the tags only what Markdown has for a few words: code, bold, italics, lines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.pieces)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._code: str | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if self._code:
            return
        if tag in ("pre", "code"):
            self._code = tag
        self.pieces.append(BEFORE.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._code not in (None, tag):
            return
        self._code = None
        self.pieces.append(AFTER.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data if self._code else from_text(data))


def identifier(text: str, taken: Iterable[str]) -> str:
    """Small letters, digits and hyphens, and no other question's."""
    words = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:LONGEST].strip("-") or "question"
    known, name, place = set(taken), words, 2
    while name in known:
        name, place = f"{words}-{place}", place + 1
    return name
