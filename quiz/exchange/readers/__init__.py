"""The formats that can be read: one module each, named as in `--format`."""

from quiz.exchange.found import Reader
from quiz.registry import load_one

READERS: dict[str, Reader] = load_one("quiz.exchange.readers", "READER")
# The most specific first: a table may contain GIFT, and GIFT may look like Aiken.
ORDER = ("moodle", "anki", "kahoot", "csv", "aiken", "gift")


def recognized(text: str) -> str | None:
    """The name of the text's format, recognised by its content; None if it has none of them."""
    return next((name for name in ORDER if READERS[name].knows(text)), None)
