"""Compares words that learners type, and measures texts as learners see them."""

import re
from collections.abc import Iterable

# Blanks, straight and typographic quotes, backticks.
AROUND = " \t\r\n\u00a0\"'`\u2018\u2019\u201c\u201d"
BLANKS = re.compile(r"\s+")
MARKUP = re.compile(r"[`*_]")


def plain(text: str) -> str:
    """The word without case, outer quotes and call brackets: `asyncio.Gather()` as asyncio.gather.

    Two spellings of a word have the same plain form.
    """
    return BLANKS.sub(" ", text.strip(AROUND).removesuffix("()").rstrip(AROUND)).casefold()


def same(text: str, words: Iterable[str]) -> bool:
    return plain(text) in map(plain, words)


def visible_length(text: str) -> int:
    """Number of characters without Markdown's signs."""
    return len(MARKUP.sub("", text))
