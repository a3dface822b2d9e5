"""Plain texts as Markdown, and ids for questions."""

import re
import unicodedata
from collections.abc import Iterable
from textwrap import dedent

# Characters that are markup within a line. An underscore inside a word is not.
WITHIN = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
# Line starts that are a list, a heading, a quotation, a fence or a rule.
AT_START = re.compile(
    r"^([ \t]*(?:[0-9]{1,9}(?=[.)](?:\s|$)))?)"
    r"([-+](?=\s|$)|-(?=[- \t]*$)|[=](?==*[ \t]*$)|#(?=#{0,5}(?:\s|$))|>|~(?=~~)|[.)])",
    re.MULTILINE,
)
HARD_BREAK = "\\\n"
# Indented, too: within lists and quotations.
FENCE = re.compile(
    r"^((?:[ >]|- |[0-9]+\. )*)(`{3,})[^`\n]*\n(.*?)\n[ >]*\2$", re.MULTILINE | re.DOTALL
)
LONGEST = 60


def escaped(text: str) -> str:
    """The text with all Markdown characters escaped. Lines stay lines of the source."""
    within = WITHIN.sub(lambda found: f"\\{found[0]}", text)
    return AT_START.sub(_escaped_start, within)


def _escaped_start(found: re.Match[str]) -> str:
    is_number = found[1][-1:].isdigit()
    return f"{found[1]}\\{found[2]}" if is_number or found[2] not in ".)" else found[0]


def from_text(text: str) -> str:
    """Plain text as Markdown that shows the same lines."""
    lines = (line.strip(" \t") for line in escaped(text.strip(" \t\n")).split("\n"))
    return broken(HARD_BREAK.join(lines))


def from_plain(text: str) -> str:
    """As `from_text`, but keeps blanks at the start of lines and between words."""
    return from_text(re.sub(r"^ +| {2,}", lambda found: "\u00a0" * len(found[0]), text, flags=re.M))


def broken(text: str) -> str:
    """Blank lines as paragraphs, without line breaks at the end of a paragraph."""
    if "\n" not in text:
        return _unbroken(text.strip(" \t"))
    pieces, last = [], 0
    for fence in FENCE.finditer(text):
        pieces += [_paragraphs(text[last : fence.start()]), fence[0]]
        last = fence.end()
    pieces.append(_paragraphs(text[last:]))
    return "".join(pieces).strip(" \t\n")


def _paragraphs(text: str) -> str:
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    lines = ["" if line.strip() == "\\" else line for line in lines]
    followed = [*map(bool, lines[1:]), False]
    kept = (line if then else _unbroken(line) for line, then in zip(lines, followed, strict=True))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept))


def _unbroken(line: str) -> str:
    """Without the line break at the end. A pair of backslashes is one backslash."""
    is_break = (len(line) - len(line.rstrip("\\"))) % 2
    return line[:-1].rstrip(" \t") if is_break else line


def in_line(markdown: str) -> str:
    """Blocks as lines of one paragraph, because options and cells show no blocks."""
    if "\n" not in markdown:
        return markdown
    lines = FENCE.sub(lambda fence: _code_lines(dedent(fence[3])), markdown).replace(
        HARD_BREAK, "\n"
    )
    return HARD_BREAK.join(line.strip(" ") for line in lines.split("\n") if line.strip())


def _code_lines(code: str) -> str:
    return "\n".join(code_span(line) for line in code.split("\n") if line.strip())


def code_span(code: str) -> str:
    """A line of code in backticks; its indentation is kept."""
    line = re.sub(r"^ +", lambda blanks: "\u00a0" * len(blanks[0]), code.rstrip())
    longest = max(map(len, re.findall(r"`+", line)), default=0)
    ticks, blank = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{blank}{line}{blank}{ticks}"


class Identifiers:
    """The ids in use: small letters, digits and hyphens."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def new(self, text: str) -> str:
        words = slug(text)
        name, place = words, self._next.get(words, 2)
        while name in self._taken:
            name, place = f"{words}-{place}", place + 1
        self._next[words] = place
        self._taken.add(name)
        return name


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST].strip("-") or "question"
