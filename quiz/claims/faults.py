"""Faults that the tokens of an expression show: unknown facts, and unreliable operations."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from quiz.claims.facts import Fact, Names, UnknownFactError, fact_at
from quiz.claims.tokens import Token, number
from quiz.documents.yaml_document import Fault


def faults(found: Sequence[Token], names: Names) -> Iterator[Fault]:
    yield from _dotted(found)
    yield from _unknown(found, names)
    yield from _divided(found)


def is_map(token: Token) -> bool:
    """Whether a path names a group of facts, or nothing known."""
    try:
        return _fact(token).type == "map"
    except UnknownFactError:
        return True


def _fact(token: Token, names: Names | None = None) -> Fact:
    return fact_at([0 if step == "[]" else step for step in token.path], names)


def _dotted(found: Sequence[Token]) -> Iterator[Fault]:
    """CEL allows a dot before the first name. The library cannot evaluate it."""
    for dot, path in pairwise(found):
        if dot.text == "." and path.kind == "path":
            yield Fault(f"has a dot before {path.text}", "Remove the dot.", column=dot.column)


def _unknown(found: Sequence[Token], names: Names) -> Iterator[Fault]:
    for token in found:
        if token.kind != "path":
            continue
        try:
            _fact(token, names)
        except UnknownFactError as error:
            mend = error.mend
            if token.path[0] == "extra":
                mend += " An extra fact is declared under extra: in demo.yaml."
            yield Fault(error.reason, mend, column=token.column)


def _divided(found: Sequence[Token]) -> Iterator[Fault]:
    """Numbers are doubles: division by zero gives infinity, and `%` is not defined."""
    for token, after in pairwise([*found, Token("sign", "", 0)]):
        if token.text == "%":
            mend = "Compare with a number of milliseconds or of calls instead."
            yield Fault("uses %, which is not defined for doubles", mend, column=token.column)
        elif token.text == "/" and not number(after):
            mend = "Multiply the other side of the comparison instead."
            yield Fault("divides by a value that can be zero", mend, column=token.column)
