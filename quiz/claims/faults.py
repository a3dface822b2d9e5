"""Faults that the pieces of an expression show: unknown facts, and operations to avoid."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from quiz.claims.facts import Fact, Names, UnknownFactError, fact_at
from quiz.claims.tokens import Piece, number
from quiz.documents.yaml_document import Fault


def faults(found: Sequence[Piece], names: Names) -> Iterator[Fault]:
    yield from _dotted(found)
    yield from _unknown(found, names)
    yield from _divided(found)


def is_map(piece: Piece) -> bool:
    """Whether a path leads to what holds facts, or to nothing that is known."""
    try:
        return _fact(piece).type == "map"
    except UnknownFactError:
        return True


def _fact(piece: Piece, names: Names | None = None) -> Fact:
    return fact_at([0 if step == "[]" else step for step in piece.way], names)


def _dotted(found: Sequence[Piece]) -> Iterator[Fault]:
    """CEL allows a dot before the first name; the library does not evaluate it."""
    for dot, path in pairwise(found):
        if dot.text == "." and path.kind == "path":
            yield Fault(f"has a dot before {path.text}", "Remove the dot.", column=dot.column)


def _unknown(found: Sequence[Piece], names: Names) -> Iterator[Fault]:
    for piece in found:
        if piece.kind != "path":
            continue
        try:
            _fact(piece, names)
        except UnknownFactError as error:
            mend = error.mend
            if piece.way[0] == "extra":
                mend += " An extra fact is declared under extra: in demo.yaml."
            yield Fault(error.reason, mend, column=piece.column)


def _divided(found: Sequence[Piece]) -> Iterator[Fault]:
    """Numbers are doubles: division by zero is no error but infinite, and there is no remainder."""
    for piece, after in pairwise([*found, Piece("sign", "", 0)]):
        if piece.text == "%":
            mend = "Compare with a number of milliseconds or of calls instead."
            yield Fault("uses %, which is not defined for doubles", mend, column=piece.column)
        elif piece.text == "/" and not number(after):
            mend = "Multiply the other side of the comparison instead."
            yield Fault("divides by a value that can be zero", mend, column=piece.column)
