"""The columns of the app's own CSV, and the content of their cells.

A cell that a spreadsheet would read as a formula has an apostrophe before it.
"""

from collections.abc import Iterable
from typing import TypeVar

COLUMNS = (
    *("id", "topic", "kind", "difficulty", "question", "code", "right", "wrong", "why"),
    *("multiple", "shuffle", "order", "tolerance", "unit"),
    *("explanation", "rule", "see", "tags", "link"),
)
NEEDED = ("question", "right")
Cell = TypeVar("Cell")

FORMULA = tuple("=+-@\t\r")
ARROW = " -> "
# A line break within a line of a cell: spreadsheets keep it, and it does not end the line.
BREAK = "\u2028"


def joined(texts: Iterable[str]) -> str:
    return "\n".join(text.strip().replace("\n", BREAK) for text in texts)


def lines(cell: str, with_empty: bool = False) -> list[str]:
    found = [line.strip().replace(BREAK, "\n") for line in cell.split("\n")]
    return found if with_empty else [line for line in found if line]


def guarded(cell: Cell) -> Cell | str:
    """The cell as a text that no spreadsheet reads as a formula; other values stay as they are.

    A text with apostrophes before a formula gets one more, so that `unguarded` can remove it.
    """
    if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA):
        return f"'{cell}"
    return cell


def unguarded(text: str) -> str:
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_guarded else text
