"""The text of a CEL expression in pieces: tokens, and the paths of the facts that it names.

The library that evaluates CEL gives neither columns nor paths. What is read here has been compiled.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.claims.facts import UnknownFactError, fact_at, written

# A raw string ends at the first quotation mark, even after a backslash.
TOKEN = re.compile(
    r"""(?P<string>[bB]?[rR][bB]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"]*"|'[^']*')
                |[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
                |"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
      | (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<int>0[xX][0-9a-fA-F]+[uU]?|\d+[uU]?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<space>\s+|//[^\n]*)
      | (?P<sign><=|>=|==|!=|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
QUOTED = re.compile(
    r"""(?P<prefix>[bBrR]*)(?P<mark>\"{3}|'{3}|"|')(?P<text>.*)(?P=mark)""", re.DOTALL
)
WORDS = {"true", "false", "null", "in"}
OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = set(OPENING.values())
MACROS = {"all", "exists", "exists_one", "filter", "map"}
BUILDERS = {"filter", "map"}
Way = tuple[str | int, ...]


@dataclass(frozen=True)
class Piece:
    """A token, a macro's variable, or a whole path of facts.

    `way` is a path's steps; "[]" is any place in a list.
    """

    kind: str
    text: str
    column: int
    way: Way = ()


@dataclass(frozen=True)
class Binding:
    """A macro's variable inside the macro's bracket; no `way` where it stands for no fact."""

    depth: int
    name: str
    way: Way


def read(source: str) -> Iterator[Piece]:
    """The expression's tokens, with `call . task_a . ended_ms` as one piece."""
    tokens = list(tokenized(source))
    bindings: list[Binding] = []
    depth = index = end = 0
    way: Way = ()  # of the last path, which ends before the token `end`
    while index < len(tokens):
        token = tokens[index]
        depth += step(token)
        while bindings and depth < bindings[-1].depth:
            bindings.pop()
        if _binds(tokens, index):
            name = tokens[index + 1]
            bindings.append(Binding(depth, name.text, _item(way) if end == index - 2 else ()))
            yield from (token, Piece("variable", name.text, name.column))
            index += 2
        elif _starts_path(tokens, index):
            steps, end = _way(tokens, index)
            way = _bound(steps, bindings)
            yield Piece("path", written(way), token.column, way) if way else token
            index = end if way else index + 1
        else:
            yield token
            index += 1


def _bound(steps: Way, bindings: Sequence[Binding]) -> Way:
    """The path of facts behind a path that may start with a macro's variable."""
    for binding in reversed(bindings):
        if binding.name == steps[0]:
            return (*binding.way, *steps[1:]) if binding.way else ()
    return steps


def _item(way: Way) -> Way:
    """The path of any item of a fact; () where the fact is no list."""
    try:
        fact_at([0 if step == "[]" else step for step in (*way, "[]")])
    except UnknownFactError:
        return ()
    return (*way, "[]") if way else ()


def tokenized(source: str) -> Iterator[Piece]:
    for match in TOKEN.finditer(source):
        if match.lastgroup != "space":
            yield Piece(str(match.lastgroup), match[0], match.start() + 1)


def loops(source: str) -> Iterator[tuple[Piece, int]]:
    """Each macro that goes through a list, and how many of them are within one another there."""
    tokens = list(tokenized(source))
    is_loop: list[bool] = []  # of each bracket that is open
    for index, token in enumerate(tokens):
        if step(token) > 0:
            is_loop.append(token.text == "(" and _is_macro(tokens, index))
            if is_loop[-1]:
                yield tokens[index - 1], sum(is_loop)
        elif step(token) < 0 and is_loop:
            is_loop.pop()


def turns(found: Sequence[Piece], index: int) -> int:
    """How many loops the bracket here is worth: two where a list is built in the loop."""
    if not _is_macro(found, index):
        return 0
    return 2 if text_at(found, index - 1) in BUILDERS else 1


def is_whole(found: Sequence[Piece], index: int) -> bool:
    """Whether the piece is a list, or may be one, of which no item and no size is taken."""
    piece, after = found[index], text_at(found, index + 1)
    if after == "[" or (after == "." and text_at(found, index + 2) in {"size", *MACROS}):
        return False
    if text_at(found, index - 1) == "(" and text_at(found, index - 2) == "size":
        return False
    if piece.kind == "name":
        # A macro's variable that stands for no fact may stand for a list of them.
        return _is_name(piece) and after not in ("(", ".") and text_at(found, index - 1) != "."
    return piece.kind == "path" and _may_be_list(piece.way)


def _may_be_list(way: Way) -> bool:
    if len(way) == 1 and way[0] in ("calls", "responses"):
        return True
    try:
        return fact_at([0 if step == "[]" else step for step in way]).type in ("list", "any")
    except UnknownFactError:
        return True


def step(token: Piece) -> int:
    """How a token changes the number of open brackets."""
    if token.kind != "sign":
        return 0
    return (token.text in OPENING) - (token.text in CLOSING)


def number(piece: Piece) -> float:
    """The value of a number's token, such as 010, 0x2, 2u or 2e3; 0 for any other."""
    if piece.kind == "int":
        digits = piece.text.rstrip("uU").lower()
        return float(int(digits, 16 if digits.startswith("0x") else 10))
    return float(piece.text) if piece.kind == "double" else 0.0


def ends_operand(tokens: Sequence[Piece], index: int) -> bool:
    """Whether `[` after this token is an index, `(` a call and `.` a member."""
    if not 0 <= index < len(tokens):
        return False
    token = tokens[index]
    return token.text in CLOSING or token.kind in ("string", "path") or _is_name(token)


def _is_name(token: Piece) -> bool:
    return token.kind == "name" and token.text not in WORDS


def _starts_path(tokens: Sequence[Piece], index: int) -> bool:
    if not _is_name(tokens[index]) or text_at(tokens, index + 1) == "(":
        return False
    return text_at(tokens, index - 1) != "." or not ends_operand(tokens, index - 2)


def _way(tokens: Sequence[Piece], index: int) -> tuple[Way, int]:
    """The steps of the path that starts here, and the index after it."""
    way: list[str | int] = [tokens[index].text]
    index += 1
    # An extra fact may be a list or an object, of which nothing is declared.
    while way[0] != "extra" or len(way) < 2:
        sign, step, after = (text_at(tokens, index + ahead) for ahead in range(3))
        if sign == "." and step and after != "(":
            way.append(step)
            index += 2
        elif sign == "[" and after == "]" and tokens[index + 1].kind in ("int", "string"):
            piece = tokens[index + 1]
            way.append(int(number(piece)) if piece.kind == "int" else unquoted(piece))
            index += 3
        else:
            break
    return tuple(way), index


def unquoted(piece: Piece) -> str:
    """The text of a string's token. No name of a fact needs an escape."""
    found = QUOTED.fullmatch(piece.text)
    return found["text"] if found else piece.text


def is_bytes(piece: Piece) -> bool:
    found = QUOTED.fullmatch(piece.text)
    return found is not None and "b" in found["prefix"].lower()


def _is_macro(tokens: Sequence[Piece], index: int) -> bool:
    """Whether the bracket here is that of `.exists(…)`."""
    return text_at(tokens, index - 1) in MACROS and text_at(tokens, index - 2) == "."


def _binds(tokens: Sequence[Piece], index: int) -> bool:
    """Whether the bracket here is that of `.exists(c, …)`."""
    return (
        text_at(tokens, index) == "("
        and _is_macro(tokens, index)
        and text_at(tokens, index + 2) == ","
    )


def text_at(pieces: Sequence[Piece], index: int) -> str:
    return pieces[index].text if 0 <= index < len(pieces) else ""


def conjuncts(pieces: Sequence[Piece], source: str) -> list[tuple[int, str]]:
    """The parts between && and ||, each with its column: none that fails is hidden by another."""
    depth, start, parts = 0, 0, []
    for piece in pieces:
        depth += step(piece)
        if depth == 0 and piece.text == "?":
            return [(1, source)]
        if depth == 0 and piece.text in ("&&", "||"):
            parts.append((start, source[start : piece.column - 1]))
            start = piece.column + 1
    parts.append((start, source[start:]))
    return [(at + 1 + len(text) - len(text.lstrip()), text.strip()) for at, text in parts]
