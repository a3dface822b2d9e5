"""Compiles CEL with limits on depth and loops, and suggests what to write instead of errors.

The library's parser overflows the stack on deep nesting, and nested loops can take hours.
"""

import importlib
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from types import ModuleType
from typing import Any

from quiz.claims import tokens
from quiz.claims.tokens import Token
from quiz.errors import QuizError

CEL_COMMAND_LINE = "cel.cli"
BRACKETS = re.compile(r"[][(){}]")
LONGEST, DEEPEST = 500, 20
# Limits on loops: in total, in depth, and those that build lists, whose sizes multiply.
MOST_LOOPS, DEEPEST_LOOP, MOST_MAPS = 8, 2, 2
# Signs of other languages, and the sign in CEL.
MEANT = {
    "=": "==",
    "=>": ">=",
    "and": "&&",
    "or": "||",
    "not": "!",
    "&": "&&",
    "|": "||",
    "<>": "!=",
}
EXAMPLE = "Write an expression such as background_ms < 1500 && count.task_b == 1."


def _library() -> ModuleType:
    """The CEL library without its command line, whose imports take longer than the app's start."""
    stand_in = ModuleType(CEL_COMMAND_LINE)
    if sys.modules.setdefault(CEL_COMMAND_LINE, stand_in) is not stand_in:
        return importlib.import_module("cel")
    try:
        return importlib.import_module("cel")
    finally:
        del sys.modules[CEL_COMMAND_LINE]


cel = _library()


class ClaimError(QuizError):
    """An expression that is not CEL. `column` counts from 1 within the expression."""

    def __init__(self, reason: str, mend: str, column: int) -> None:
        super().__init__(f"{reason}. {mend}")
        self.reason = reason
        self.mend = mend
        self.column = column


@lru_cache(maxsize=4096)
def compiled(source: str) -> Any:
    """The library's program. Raises ClaimError with a suggestion."""
    try:
        return cel.compile(source)
    except ValueError as error:
        if meant := next(_meant(source), None):
            given, column = meant
            raise ClaimError(f"is not CEL: {given}", f"Write {MEANT[given]}.", column) from None
        found = re.search(r"<input>:(\d+):(\d+): (?:Syntax error: )?(.*)", str(error))
        reason = found[3].split(" expecting ")[0] if found else str(error).split("\n")[0]
        column = _column(source, int(found[1]), int(found[2])) if found else 1
        raise ClaimError(f"is not CEL: {reason}", EXAMPLE, column) from None


def check_bounds(source: str) -> None:
    """Raises ClaimError if the expression is too long, too deep or has too many loops."""
    if len(source) > LONGEST or _depth(source) > DEEPEST:
        mend = f"Keep it below {LONGEST} characters and {DEEPEST} brackets within brackets."
        raise ClaimError("is too long or too deep", mend, 1)
    maps = 0
    for count, (token, depth) in enumerate(tokens.loops(source), start=1):
        maps += token.text == "map"
        if depth > DEEPEST_LOOP:
            mend = f"Write at most {DEEPEST_LOOP} loops within one another."
            raise ClaimError(f"loops within loops: {token.text}", mend, token.column)
        if count > MOST_LOOPS or maps > MOST_MAPS:
            mend = f"Write at most {MOST_LOOPS}, and {MOST_MAPS} of map."
            raise ClaimError("has too many loops", mend, token.column)


def size(source: str) -> int:
    """The number of tokens. A text that is too long for a claim is not read."""
    return len(source) if len(source) > LONGEST else sum(1 for _ in tokens.tokenized(source))


@lru_cache(maxsize=4096)
def growth(source: str) -> int:
    """The exponent n if the time of an expression grows as (length of a run's lists) ** n.

    In each iteration the library copies the list that `map` or `filter` builds, and each whole list
    that the loop names.
    """
    most = 0
    open_: list[int] = []  # what the macro of each open bracket adds
    found = tuple(tokens.read(source))
    for index, token in enumerate(found):
        if tokens.step(token) > 0:
            open_.append(tokens.turns(found, index) if token.text == "(" else 0)
        elif tokens.step(token) < 0 and open_:
            open_.pop()
        within = sum(open_)
        most = max(most, within + (within > 0 and tokens.is_whole(found, index)))
    return most


def _meant(source: str) -> Iterator[tuple[str, int]]:
    """Signs of other languages in the expression, each with its column."""
    found = list(tokens.tokenized(source))
    for index, token in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else Token("", "", 0)
        pair = token.text + following.text
        if pair in MEANT and token.kind == "sign" and following.column == token.column + 1:
            yield pair, token.column
        elif token.text in MEANT and token.kind in ("sign", "name"):
            yield token.text, token.column


def _depth(source: str) -> int:
    steps = (1 if bracket in "([{" else -1 for bracket in BRACKETS.findall(source))
    return max(accumulate(steps), default=0)


def _column(source: str, line: int, column: int) -> int:
    before = source.split("\n")[: line - 1]
    return sum(len(text) + 1 for text in before) + column
