"""Renders Markdown as HTML, for pages and exports. Raw HTML is escaped."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False})


def block(text: str) -> str:
    return str(_markdown.render(text))


def inline(text: str) -> str:
    """HTML without a paragraph, for labels and list items."""
    return str(_markdown.renderInline(text))


def plain(text: str) -> str:
    """The text without markup, in one line, for titles."""
    return " ".join("".join(_texts(_markdown.parse(text))).split())


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children:
            yield from _texts(token.children)
        elif token.type in ("softbreak", "hardbreak") or token.block:
            yield f" {token.content}"
        else:
            yield token.content
