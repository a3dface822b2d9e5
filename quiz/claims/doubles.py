"""Converts every number of a CEL expression and of its facts to a double.

CEL cannot add an integer to a double. A call is inserted around each part that must be an integer
or that gives one. All other text is copied.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from quiz.claims.tokens import (
    CLOSING,
    OPENING,
    Token,
    ends_operand,
    number,
    step,
    text_at,
    tokenized,
)

# Functions that give an integer.
INTEGERS = {"size", "int", "uint"}
# The name of `as_index` in the expression that the library evaluates.
INDEX = "index__"
ENDS_LEFT_SIDE = {",", ":", "?", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "in"}


def as_index(value: object) -> object:
    """The integer that the library needs as an index or as a key. Raises IndexError for 1.5."""
    if not isinstance(value, float):
        return value
    if not value.is_integer():
        raise IndexError(f"{value} is not a whole number")
    return int(value)


def doubles(value: Any) -> Any:
    """The fact with every number converted to a double, at any depth."""
    match value:
        case bool():
            return value
        case int():
            return float(value)
        case Mapping():
            return {name: doubles(below) for name, below in value.items()}
        case list() | tuple():
            return [doubles(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def with_doubles(source: str) -> str:
    """The expression with doubles for numbers. Indices and keys of maps stay integers."""
    tokens = list(tokenized(source))
    inserted = _inserted(tokens)
    written: list[str] = []
    copied = 0
    for index, token in enumerate(tokens):
        start = token.column - 1
        text = _literal(tokens, index) if token.kind == "int" else token.text
        before, after = inserted.get(index, ("", ""))
        written += [source[copied:start], before, text, after]
        copied = start + len(token.text)
    return "".join([*written, source[copied:]])


def _literal(tokens: Sequence[Token], index: int) -> str:
    value = number(tokens[index])
    return str(int(value)) if _is_place(tokens, index) or _is_key(tokens, index) else repr(value)


def _is_place(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token is a whole index: `[0]`."""
    return (
        text_at(tokens, index - 1) == "["
        and ends_operand(tokens, index - 2)
        and text_at(tokens, index + 1) == "]"
    )


def _is_key(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token is a key in a map: `{1: …, -2: …}`."""
    before = index - 1 if text_at(tokens, index - 1) != "-" else index - 2
    if text_at(tokens, index + 1) != ":" or text_at(tokens, before) not in ("{", ","):
        return False
    depth = 0
    for token in reversed(tokens[: before + 1]):
        depth -= step(token)
        if depth < 0:
            return token.text == "{"
    return False


def _inserted(tokens: Sequence[Token]) -> dict[int, tuple[str, str]]:
    """The text to insert before and after tokens, by their positions."""
    pairs = _pairs(tokens)
    inserted: dict[int, tuple[str, str]] = {}
    # The call around the longest part is inserted last, so that it becomes the outermost.
    calls = sorted(_calls(tokens, pairs), key=lambda call: (call[1] - call[0], call[2] == INDEX))
    for first, last, function in calls:
        before, after = inserted.get(first, ("", ""))
        inserted[first] = (f"{function}({before}", after)
        before, after = inserted.get(last, ("", ""))
        inserted[last] = (before, f"{after})")
    return inserted


def _calls(tokens: Sequence[Token], pairs: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """The first and last token of each part to convert, and the function that converts it."""
    for index, token in enumerate(tokens):
        if token.text in INTEGERS and text_at(tokens, index + 1) == "(":
            member = text_at(tokens, index - 1) == "." and ends_operand(tokens, index - 2)
            first = _operand_start(tokens, index - 1, pairs) if member else index
            yield first, pairs[index + 1], "double"
        elif token.text == "[" and ends_operand(tokens, index - 1):
            end = pairs[index]
            if not (end == index + 2 and tokens[index + 1].kind in ("int", "string")):
                yield index + 1, end - 1, INDEX
        elif token.text == "in" and _is_map(tokens, index + 1):
            yield _left_side_start(tokens, index, pairs), index - 1, INDEX


def _is_map(tokens: Sequence[Token], index: int) -> bool:
    while text_at(tokens, index) == "(":
        index += 1
    return text_at(tokens, index) == "{"


def _pairs(tokens: Sequence[Token]) -> dict[int, int]:
    """The position of the matching bracket, for each bracket."""
    pairs: dict[int, int] = {}
    open_: list[int] = []
    for index, token in enumerate(tokens):
        if step(token) > 0:
            open_.append(index)
        elif step(token) < 0 and open_:
            pairs[index] = open_.pop()
            pairs[pairs[index]] = index
    return pairs


def _operand_start(tokens: Sequence[Token], dot: int, pairs: dict[int, int]) -> int:
    """The first token of the operand before a dot, such as `calls[0].names` before `.size()`."""
    start = dot
    while True:
        start -= 1
        if tokens[start].text in CLOSING:
            start = pairs[start]
            if text_at(tokens, start) in ("(", "[") and ends_operand(tokens, start - 1):
                continue
        if text_at(tokens, start - 1) != "." or not ends_operand(tokens, start - 2):
            return start
        start -= 1


def _left_side_start(tokens: Sequence[Token], index: int, pairs: dict[int, int]) -> int:
    """The first token of a comparison's left side."""
    start = index
    while start > 0:
        if tokens[start - 1].text in {*ENDS_LEFT_SIDE, *OPENING}:
            break
        start = pairs.get(start - 1, start - 1)
    return start
