"""Tokens of a CEL expression, with the paths of the facts that it names.

The CEL library reports neither columns nor paths. Only expressions that it compiles are read here.
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
FactPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Token:
    """A token, a macro's variable, or a whole path of facts.

    `column` counts from 1. `path` has the steps of a path; "[]" is any index of a list.
    """

    kind: str
    text: str
    column: int
    path: FactPath = ()


@dataclass(frozen=True)
class Binding:
    """A macro's variable within the macro's brackets. `path` is empty if it is no fact."""

    depth: int
    name: str
    path: FactPath


def read(source: str) -> Iterator[Token]:
    """The tokens of an expression. A path such as `call . task_a . ended_ms` is one token."""
    tokens = list(tokenized(source))
    bindings: list[Binding] = []
    depth = index = end = 0
    path: FactPath = ()  # of the last path, which ends before the token `end`
    while index < len(tokens):
        token = tokens[index]
        depth += step(token)
        while bindings and depth < bindings[-1].depth:
            bindings.pop()
        if _binds(tokens, index):
            name = tokens[index + 1]
            bindings.append(Binding(depth, name.text, _item(path) if end == index - 2 else ()))
            yield from (token, Token("variable", name.text, name.column))
            index += 2
        elif _starts_path(tokens, index):
            steps, end = _path(tokens, index)
            path = _bound(steps, bindings)
            yield Token("path", written(path), token.column, path) if path else token
            index = end if path else index + 1
        else:
            yield token
            index += 1


def _bound(steps: FactPath, bindings: Sequence[Binding]) -> FactPath:
    """The path of a fact, in which a macro's variable is replaced by the fact it stands for."""
    for binding in reversed(bindings):
        if binding.name == steps[0]:
            return (*binding.path, *steps[1:]) if binding.path else ()
    return steps


def _item(path: FactPath) -> FactPath:
    """The path of any item of a list; () if the fact is no list."""
    try:
        fact_at([0 if step == "[]" else step for step in (*path, "[]")])
    except UnknownFactError:
        return ()
    return (*path, "[]") if path else ()


def tokenized(source: str) -> Iterator[Token]:
    for match in TOKEN.finditer(source):
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match[0], match.start() + 1)


def loops(source: str) -> Iterator[tuple[Token, int]]:
    """Each macro that loops over a list, and its depth of nesting, from 1."""
    tokens = list(tokenized(source))
    is_loop: list[bool] = []  # for each open bracket
    for index, token in enumerate(tokens):
        if step(token) > 0:
            is_loop.append(token.text == "(" and _is_macro(tokens, index))
            if is_loop[-1]:
                yield tokens[index - 1], sum(is_loop)
        elif step(token) < 0 and is_loop:
            is_loop.pop()


def turns(found: Sequence[Token], index: int) -> int:
    """How many loops the bracket at `index` counts as: two if its macro builds a list."""
    if not _is_macro(found, index):
        return 0
    return 2 if text_at(found, index - 1) in BUILDERS else 1


def is_whole(found: Sequence[Token], index: int) -> bool:
    """Whether the token is, or may be, a whole list: neither an item nor the size is taken."""
    token, after = found[index], text_at(found, index + 1)
    if after == "[" or (after == "." and text_at(found, index + 2) in {"size", *MACROS}):
        return False
    if text_at(found, index - 1) == "(" and text_at(found, index - 2) == "size":
        return False
    if token.kind == "name":
        # A macro's variable that is no fact may be a list of facts.
        return _is_name(token) and after not in ("(", ".") and text_at(found, index - 1) != "."
    return token.kind == "path" and _may_be_list(token.path)


def _may_be_list(path: FactPath) -> bool:
    if len(path) == 1 and path[0] in ("calls", "responses"):
        return True
    try:
        return fact_at([0 if step == "[]" else step for step in path]).type in ("list", "any")
    except UnknownFactError:
        return True


def step(token: Token) -> int:
    """How a token changes the number of open brackets."""
    if token.kind != "sign":
        return 0
    return (token.text in OPENING) - (token.text in CLOSING)


def number(token: Token) -> float:
    """The value of a number such as 010, 0x2, 2u or 2e3; 0 for any other token."""
    if token.kind == "int":
        digits = token.text.rstrip("uU").lower()
        return float(int(digits, 16 if digits.startswith("0x") else 10))
    return float(token.text) if token.kind == "double" else 0.0


def ends_operand(tokens: Sequence[Token], index: int) -> bool:
    """Whether `[` after this token is an index, `(` a call and `.` a member."""
    if not 0 <= index < len(tokens):
        return False
    token = tokens[index]
    return token.text in CLOSING or token.kind in ("string", "path") or _is_name(token)


def _is_name(token: Token) -> bool:
    return token.kind == "name" and token.text not in WORDS


def _starts_path(tokens: Sequence[Token], index: int) -> bool:
    if not _is_name(tokens[index]) or text_at(tokens, index + 1) == "(":
        return False
    return text_at(tokens, index - 1) != "." or not ends_operand(tokens, index - 2)


def _path(tokens: Sequence[Token], index: int) -> tuple[FactPath, int]:
    """The steps of the path that starts at `index`, and the index after the path."""
    path: list[str | int] = [tokens[index].text]
    index += 1
    # An extra fact may be a list or an object, whose contents no demo declares.
    while path[0] != "extra" or len(path) < 2:
        sign, step, after = (text_at(tokens, index + ahead) for ahead in range(3))
        if sign == "." and step and after != "(":
            path.append(step)
            index += 2
        elif sign == "[" and after == "]" and tokens[index + 1].kind in ("int", "string"):
            token = tokens[index + 1]
            path.append(int(number(token)) if token.kind == "int" else unquoted(token))
            index += 3
        else:
            break
    return tuple(path), index


def unquoted(token: Token) -> str:
    """The text of a string's token. No name of a fact needs an escape."""
    found = QUOTED.fullmatch(token.text)
    return found["text"] if found else token.text


def is_bytes(token: Token) -> bool:
    found = QUOTED.fullmatch(token.text)
    return found is not None and "b" in found["prefix"].lower()


def _is_macro(tokens: Sequence[Token], index: int) -> bool:
    """Whether the bracket at `index` opens a macro such as `.exists(…)`."""
    return text_at(tokens, index - 1) in MACROS and text_at(tokens, index - 2) == "."


def _binds(tokens: Sequence[Token], index: int) -> bool:
    """Whether the bracket at `index` opens a macro with a variable: `.exists(c, …)`."""
    return (
        text_at(tokens, index) == "("
        and _is_macro(tokens, index)
        and text_at(tokens, index + 2) == ","
    )


def text_at(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) else ""


def conjuncts(tokens: Sequence[Token], source: str) -> list[tuple[int, str]]:
    """The parts between && and ||, each with its column from 1.

    Each part is tried alone, because a failing part can be hidden by another part.
    """
    depth, start, parts = 0, 0, []
    for token in tokens:
        depth += step(token)
        if depth == 0 and token.text == "?":
            return [(1, source)]
        if depth == 0 and token.text in ("&&", "||"):
            parts.append((start, source[start : token.column - 1]))
            start = token.column + 1
    parts.append((start, source[start:]))
    return [(at + 1 + len(text) - len(text.lstrip()), text.strip()) for at, text in parts]
