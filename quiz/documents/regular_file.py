"""Reads files of other people safely: only regular files of limited size."""

import os
import re
import stat
from pathlib import Path

from quiz.errors import QuizError
from quiz.registry import PACKAGE, SHIPPED

MEGABYTE = 1_000_000
# Tab and line ends are text. Of the rest, terminals obey some and XML forbids most.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# Control characters, and characters that make a terminal reorder text.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class UnreadableError(QuizError):
    """A file that is not read, the reason, and what to do. `line` counts from 1."""

    def __init__(self, reason: str, mend: str = "", line: int = 1) -> None:
        super().__init__(f"{reason}. {mend}".strip())
        self.reason = reason
        self.mend = mend
        self.line = line


def read_bytes(path: Path, largest: int) -> bytes:
    """The content of a file. Raises UnreadableError for links, pipes and large files."""
    try:
        _refuse_kind(path, os.stat(path, follow_symlinks=_is_ours(path)))
        follow = 0 if _is_ours(path) else os.O_NOFOLLOW
        # O_NONBLOCK: opening a pipe that has just replaced the file would block.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | follow)
        with open(descriptor, "rb") as file:
            _refuse_kind(path, os.fstat(descriptor))
            content = file.read(largest + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}") from None
    if len(content) > largest:
        raise UnreadableError(f"is larger than {_size(largest)}", "Split it into several files.")
    return content


def read_text(path: Path, largest: int) -> str:
    """The text of a UTF-8 file, with \\n as line end. Raises UnreadableError."""
    content = read_bytes(path, largest)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError("is not UTF-8", "Save the file as UTF-8.", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_control(text: str) -> None:
    """Raises UnreadableError if the text of a file contains a control character."""
    if found := CONTROL.search(text):
        line = text[: found.start()].count("\n") + 1
        raise UnreadableError(f"has the control character {named(found[0])}", "Remove it.", line)


def named(character: str) -> str:
    return f"U+{ord(character):04X}"


def printable(text: str) -> str:
    r"""The text as one line for a terminal: a control character as its number, \x1b."""
    return UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def _is_ours(path: Path) -> bool:
    """Whether the file is the app's own. An installer may link such files to its cache."""
    return any(path.absolute().is_relative_to(folder) for folder in (PACKAGE, SHIPPED))


def _refuse_kind(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise UnreadableError("is a link", "Put the file itself here: links are not followed.")
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "no file")
        raise UnreadableError(f"is {kind}", "Only regular files are read.")


def _size(number: int) -> str:
    return f"{number // MEGABYTE} MB" if number >= MEGABYTE else f"{number // 1000} kB"
