"""Rows of a spreadsheet's text export, whatever its separator."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quiz.exchange.found import Remark

SIGNS = ",;\t|"
UNCLOSED = "Nothing from here on is imported: a quotation mark is not closed."
# The first line by which Excel finds the separator.
SEP = re.compile(r"sep=(.)\n?", re.IGNORECASE)


@dataclass
class Rows:
    """Rows with their first lines. If reading stopped early, `broken` has the reason."""

    text: str
    sign: str
    broken: Remark | None = None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        found = SEP.match(self.text)
        skipped = 1 if found else 0
        body = self.text[found.end() :] if found else self.text
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=self.sign)
        source = body.split("\n")
        while True:
            line = skipped + reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                self.broken = Remark(line, f"Nothing from here on is imported: {error}.")
                return
            if row is None:
                return
            if reader.line_num >= len(source) - 1 and is_open(
                "\n".join(source[line - skipped - 1 :]), self.sign
            ):
                self.broken = Remark(line, UNCLOSED)
                return
            yield line, row


def is_open(row: str, sign: str) -> bool:
    """Whether the last row ends within quotation marks and so contains the rows below it."""
    try:
        list(csv.reader(io.StringIO(row, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def rows(text: str, score: Callable[[list[str]], int], lines: int = 1) -> Rows:
    """The rows, split at the separator for which the first lines have the highest `score`."""
    if found := SEP.match(text):
        return Rows(text, found[1])
    return Rows(text, max(SIGNS, key=lambda sign: _best(Rows(text, sign), score, lines)))


def _best(found: Rows, score: Callable[[list[str]], int], lines: int) -> int:
    best = 0
    for line, row in found:
        if line > lines:
            break
        best = max(best, score(row))
    return best
