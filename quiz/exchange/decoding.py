"""A file's bytes as text, in the encodings that programs write."""

import codecs

from quiz.errors import QuizError
from quiz.exchange.workbook import MAGIC, as_csv

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The bytes that are checked for UTF-16 without a byte order mark.
SAMPLE = 4096
LARGEST = 100 * 1024 * 1024


def decoded(content: bytes) -> str:
    """The text with \n as line ends. A workbook becomes CSV. Raises QuizError."""
    if len(content) > LARGEST:
        raise QuizError(f"The file is larger than {LARGEST // 1024 // 1024} MB. Split it.")
    if content.startswith(MAGIC):
        return as_csv(content)
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QuizError(
            f"The file is not {encoding.upper()} (line {line}). Save it as UTF-8."
        ) from None
    if "\0" in text:
        raise QuizError("The file is not text. Export questions as text, CSV or XML.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(content: bytes) -> str:
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return encoding
    sample = content[:SAMPLE]
    # In UTF-16 each ASCII character, such as a blank, has a zero byte beside it.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 32 and odd > 4 * even:
        return "utf-16-le"
    if even > len(sample) // 32 and even > 4 * odd:
        return "utf-16-be"
    return "utf-8"
