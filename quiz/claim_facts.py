"""The facts that an expression names: those that no run has, and what is divided by. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from quiz import pieces
from quiz.located import Fault
from quiz.pieces import Piece
from quiz.vocabulary import Fact, Names, UnknownFactError, fact_at


def _fact(piece: Piece, names: Names | None = None) -> Fact:
    return fact_at([0 if step == "[]" else step for step in piece.way], names)


def type_of(piece: Piece, names: Names | None = None) -> str:
    """A piece's type; "map" for what is unknown."""
    if piece.kind != "path":
        return piece.kind
    try:
        return _fact(piece, names).type
    except UnknownFactError:
        return "map"


def unknown(found: Sequence[Piece], names: Names) -> Iterator[Fault]:
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


def divided(found: Sequence[Piece]) -> Iterator[Fault]:
    """Numbers are doubles: division by zero is no error but infinite, and there is no remainder."""
    for piece, after in pairwise([*found, Piece("sign", "", 0)]):
        if piece.text == "%":
            mend = "Compare with a number of milliseconds or of calls instead."
            yield Fault("takes a remainder, which doubles do not have", mend, column=piece.column)
        elif piece.text == "/" and not pieces.number(after):
            mend = "Multiply the other side of the comparison instead."
            yield Fault("divides by what may be zero", mend, column=piece.column)
