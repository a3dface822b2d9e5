"""How a question is answered, in the forms that quiz programs have in common. Texts are Markdown.

A kind says its own in `Question.plain`; what is written of it for which program exchange/ knows.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """`why` may be empty: other programs' questions often give no reason."""

    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True)
class Options:
    """Choose one, or with `multiple` all that apply. `shuffle` where their order says nothing."""

    options: tuple[Option, ...]
    multiple: bool = False
    shuffle: bool = True


@dataclass(frozen=True)
class Order:
    """Lines as they are put right. Without `strict` other orders are right, too."""

    lines: tuple[str, ...]
    strict: bool = True


@dataclass(frozen=True)
class Number:
    value: float
    tolerance: float = 0.0
    unit: str = ""


@dataclass(frozen=True)
class Words:
    """Spellings that are right, the best first. No Markdown."""

    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """Each item with what belongs to it; `others` belong to none."""

    pairs: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()


Plain = Options | Order | Number | Words | Pairs
