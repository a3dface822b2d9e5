"""When two spellings are one word: without case, outer blanks and quotes, a call's brackets."""

import re
from collections.abc import Iterable

# Blanks, straight and typographic quotes, backticks.
AROUND = " \t\r\n\u00a0\"'`\u2018\u2019\u201c\u201d"
BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """``  `asyncio.Gather()` `` as "asyncio.gather"."""
    return BLANKS.sub(" ", text.strip(AROUND).removesuffix("()").rstrip(AROUND)).casefold()


def same(text: str, words: Iterable[str]) -> bool:
    return plain(text) in map(plain, words)
