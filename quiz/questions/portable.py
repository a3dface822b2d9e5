"""Forms of questions that quiz programs have in common. Texts are Markdown.

`Question.plain` gives a question in one of these forms. quiz.exchange writes it for a program.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """An option. `why` may be empty, because other programs often have no reasons."""

    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True)
class Options:
    """Choose one, or with `multiple` all that apply. `shuffle` if the order has no meaning."""

    options: tuple[Option, ...]
    multiple: bool = False
    shuffle: bool = True


@dataclass(frozen=True)
class Order:
    """Lines in a right order. Without `strict`, other orders are right too."""

    lines: tuple[str, ...]
    strict: bool = True


@dataclass(frozen=True)
class Number:
    value: float
    tolerance: float = 0.0
    unit: str = ""


@dataclass(frozen=True)
class Words:
    """Right spellings, the best first. Not Markdown."""

    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """Items and their matches. `others` match no item."""

    pairs: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()


Plain = Options | Order | Number | Words | Pairs
