"""The text of a CEL expression in pieces: tokens, and the paths of facts that it names.

The library that evaluates it tells no places and no paths. It has parsed what is read here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.vocabulary import written

TOKEN = re.compile(
    r"""(?P<string>[rRbB]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
                |"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
      | (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<int>0[xX][0-9a-fA-F]+|\d+[uU]?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<space>\s+|//[^\n]*)
      | (?P<sign><=|>=|==|!=|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
WORDS = {"true", "false", "null", "in"}
# Functions that give an integer.
INTEGERS = {"size", "int", "uint"}
OPENING = {"(": ")", "[": "]", "{": "}"}
MACROS = {"all", "exists", "exists_one", "filter", "map"}


@dataclass(frozen=True)
class Piece:
    """A token, or a whole path of facts. `way` is a path's steps; "[]" is any place in a list."""

    kind: str
    text: str
    column: int
    way: tuple[str | int, ...] = ()


def read(source: str) -> Iterator[Piece]:
    """The expression's tokens, with `call . task_a . ended_ms` as one piece."""
    tokens = list(tokenized(source))
    # What a macro's variable stands for; () where that cannot be seen.
    bound: dict[str, tuple[str | int, ...]] = {}
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not _starts_path(tokens, index):
            if variable := _variable(tokens, index - 1):
                bound.setdefault(variable, ())
            yield token
            index += 1
            continue
        steps, index = _way(tokens, index)
        above = bound.get(str(steps[0]), steps[:1])
        way = (*above, *steps[1:]) if above else ()
        if variable := _variable(tokens, index):
            bound[variable] = (*way, "[]") if way else ()
        yield Piece("path", written(way), token.column, way) if way else token


def tokenized(source: str) -> Iterator[Piece]:
    for match in TOKEN.finditer(source):
        if match.lastgroup != "space":
            yield Piece(str(match.lastgroup), match[0], match.start() + 1)


def loops(source: str) -> Iterator[tuple[Piece, int]]:
    """Each macro that goes through a list, and how many of them are within one another there."""
    tokens = list(tokenized(source))
    is_loop: list[bool] = []  # of each bracket that is open
    for index, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in OPENING:
            macro = text_at(tokens, index - 1) if token.text == "(" else ""
            is_loop.append(macro in MACROS and text_at(tokens, index - 2) == ".")
            if is_loop[-1]:
                yield tokens[index - 1], sum(is_loop)
        elif token.text in OPENING.values() and is_loop:
            is_loop.pop()


def number(piece: Piece) -> float:
    """The value of a number's token; 0 for any other."""
    if piece.kind == "int":
        return float(int(piece.text.rstrip("uU"), 0))
    return float(piece.text) if piece.kind == "double" else 0.0


def _starts_path(tokens: Sequence[Piece], index: int) -> bool:
    token = tokens[index]
    if token.kind != "name" or token.text in WORDS:
        return False
    return text_at(tokens, index + 1) != "(" and text_at(tokens, index - 1) != "."


def _way(tokens: Sequence[Piece], index: int) -> tuple[tuple[str | int, ...], int]:
    """The steps of the path that starts here, and the index after it."""
    way: list[str | int] = [tokens[index].text]
    index += 1
    while True:
        sign, step, after = (text_at(tokens, index + ahead) for ahead in range(3))
        if sign == "." and step and after != "(":
            way.append(step)
            index += 2
        elif sign == "[" and after == "]" and tokens[index + 1].kind in ("int", "string"):
            way.append(int(step) if step.isdigit() else step.strip("'\""))
            index += 3
        else:
            return tuple(way), index


def _variable(tokens: Sequence[Piece], index: int) -> str | None:
    """The `c` of `.filter(c, …)`, if that follows."""
    dot, macro, bracket, name, comma = (text_at(tokens, index + ahead) for ahead in range(5))
    fits = (dot, bracket, comma) == (".", "(", ",") and macro in MACROS
    return name if fits else None


def text_at(pieces: Sequence[Piece], index: int) -> str:
    return pieces[index].text if 0 <= index < len(pieces) else ""


def with_doubles(source: str) -> str:
    """The same expression with every number a double, because CEL adds no integer to a double.

    Places in lists stay integers: `calls[0]`.
    """
    written: list[str] = []
    closing: list[str] = []  # what each open bracket ends with
    tokens = list(tokenized(source))
    for index, token in enumerate(tokens):
        text, before = token.text, text_at(tokens, index - 1)
        if token.kind == "int" and not (before == "[" and text_at(tokens, index + 1) == "]"):
            text = repr(number(token))
        elif text in INTEGERS and before != "." and text_at(tokens, index + 1) == "(":
            text = f"double({text}"
        elif text in OPENING:
            is_integer = before in INTEGERS and text_at(tokens, index - 2) != "."
            closing.append(OPENING[text] + ")" * (is_integer and text == "("))
        elif text in OPENING.values() and token.kind == "sign":
            text = closing.pop()
        written.append(text)
    return " ".join(written)


def conjuncts(pieces: Sequence[Piece], source: str) -> list[tuple[int, str]]:
    """The parts between && and ||, each with its column: none that fails is hidden by another."""
    depth, start, parts = 0, 0, []
    for piece in pieces:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(piece.text, 0)
        if depth == 0 and piece.text == "?":
            return [(1, source)]
        if depth == 0 and piece.text in ("&&", "||"):
            parts.append((start, source[start : piece.column - 1]))
            start = piece.column + 1
    parts.append((start, source[start:]))
    return [(at + 1 + len(text) - len(text.lstrip()), text.strip()) for at, text in parts]
