"""The result of reading another program's file: questions, and remarks with their lines."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from quiz.exchange.export_document import Item

SHOWN = 3


@dataclass(frozen=True)
class Remark:
    """A remark on what could not be kept. `about` is the detail in which equal remarks differ."""

    line: int
    text: str
    about: str = ""

    def __str__(self) -> str:
        return next(iter(summed([self])))


class UnmappedError(ValueError):
    """A question that no kind of ours can hold, with the reason."""

    def __init__(self, text: str, about: str = "") -> None:
        super().__init__(text)
        self.remark = (f"Not imported: {text}.", about)


@dataclass(frozen=True)
class Found:
    """The questions and remarks of a file."""

    items: Sequence[Item]
    remarks: Sequence[Remark] = ()


@dataclass
class Notes:
    """Remarks on one question. A reader passes `add` to the converters of its texts."""

    line: int
    remarks: list[Remark] = field(default_factory=list)

    def add(self, text: str, about: str = "") -> None:
        self.remarks.append(Remark(self.line, text, about))


def no_progress(_line: int) -> None:
    """The progress callback of readers whose progress is not shown."""


Progress = Callable[[int], None]


@dataclass(frozen=True)
class Reader:
    """`knows` recognises a text; `read` calls its second argument with the line that it reached."""

    title: str
    knows: Callable[[str], bool]
    read: Callable[[str, Progress], Found]


def summed(remarks: Iterable[Remark]) -> list[str]:
    """A sentence per kind of remark: its first lines, and the number of further lines."""
    kinds: dict[str, list[Remark]] = {}
    for remark in remarks:
        kinds.setdefault(remark.text, []).append(remark)
    return [_sentence(text, same) for text, same in kinds.items()]


def _sentence(text: str, same: Sequence[Remark]) -> str:
    lines = list(dict.fromkeys(remark.line for remark in same if remark.line))
    about = list(dict.fromkeys(remark.about for remark in same if remark.about))
    where = f"line{'s' if len(lines) > 1 else ''} {_some(lines)}: " if lines else ""
    return f"{where}{text.removesuffix('.')}{f' ({_some(about)})' if about else ''}."


def _some(values: Sequence[object]) -> str:
    shown = ", ".join(map(str, values[:SHOWN]))
    more = len(values) - SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
