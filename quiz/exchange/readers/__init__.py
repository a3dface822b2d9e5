"""The formats that are read: a module each, named as in `--format`. A file's text tells which."""

from quiz.exchange.found import Reader
from quiz.registry import load_one

READERS: dict[str, Reader] = load_one("quiz.exchange.readers", "READER")
# The most telling first: a table may hold what looks like GIFT, and GIFT what looks like Aiken.
ORDER = ("moodle", "anki", "kahoot", "csv", "aiken", "gift")


def recognized(text: str) -> str | None:
    """The name of the format that this text is in; None where it is in none of them."""
    return next((name for name in ORDER if READERS[name].knows(text)), None)
