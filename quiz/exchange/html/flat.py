"""HTML with nothing but paragraphs, line breaks, bold, italics and code, without a parser.

Most texts of an editor are like this, and parsing them takes ten times as long.
"""

import re
from collections.abc import Iterator
from html import unescape

from quiz.exchange.html.tags import MARKS
from quiz.exchange.texts import HARD_BREAK, broken, code_span, escaped

BLANKS = re.compile(r"[ \t\n\r\f]+")
TOKEN = re.compile(
    r"<(?P<tag>b|strong|i|em|code)>(?P<words>[^<>]+)</(?P=tag)>|</?(?P<end>p|br)\b[^<>]*>",
    re.IGNORECASE,
)
LINE_END = re.compile(r"</?(?:p|br)\b[^<>]*>", re.IGNORECASE)
# Signs beside which Markdown reads no emphasis, or a different one.
UNCLEAR = re.compile(r"[\w*`<>&;\\]")

BESIDE_CODE = re.compile(r"[`<]")


def from_flat(html: str) -> str | None:
    """The text as Markdown; None if it contains any other tag."""
    pieces: list[str] = []
    text = BLANKS.sub(" ", html).strip()
    last = 0
    for token in TOKEN.finditer(text):
        between = text[last : token.start()]
        if "<" in between:
            return None
        if token["end"]:
            pieces += [_text(between.rstrip(" ")), _break(token["end"])]
        elif _is_clear(text, token):
            pieces += [_text(between), _stressed(token["tag"].lower(), token["words"])]
        else:
            return None
        last = token.end()
    if "<" in text[last:]:
        return None
    return broken("".join(_trimmed([*pieces, _text(text[last:])])))


def _text(text: str) -> str:
    return escaped(unescape(text))


def _break(tag: str) -> str:
    return HARD_BREAK if tag.lower() == "br" else "\n\n"


def _trimmed(pieces: list[str]) -> Iterator[str]:
    """The text without blanks at the start of lines."""
    at_start = True
    for piece in pieces:
        shown = piece.lstrip(" ") if at_start else piece
        at_start = shown.endswith("\n") if shown else at_start
        yield shown


def _is_clear(text: str, token: re.Match[str]) -> bool:
    """Whether Markdown reads the marks: words inside, no words directly outside."""
    words = unescape(token["words"])
    before, after = text[: token.start()][-1:], text[token.end() : token.end() + 1]
    is_code = token["tag"].lower() == "code"
    unclear = BESIDE_CODE if is_code else UNCLEAR
    touches_before = unclear.match(before) and not _ends_line(text, token.start())
    touches_after = unclear.match(after) and not LINE_END.match(text, token.end())
    if touches_before or touches_after or not words.strip():
        return False
    return is_code or (words[0].isalnum() and words[-1].isalnum())


def _ends_line(text: str, place: int) -> bool:
    start = text.rfind("<", 0, place)
    return start >= 0 and bool(LINE_END.fullmatch(text, start, place))


def _stressed(tag: str, words: str) -> str:
    if tag == "code":
        return code_span(unescape(words))
    return f"{MARKS[tag]}{_text(words)}{MARKS[tag]}"
