"""Syntax highlighting of Python, as HTML. Knows nothing about runs.

The classes are in code.css: k keyword, f name after `def` or `class`, s string, n number,
c comment, dec decorator.
"""

import ast
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from quiz.figure.marks.bars import hue

CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "dec"),
    (Comment, "c"),
    (String, "s"),
    (Number, "n"),
)
NAMES = (Name, Name.Function)
GAP = re.compile("[\ue000-\ue063]")
Token = tuple[_TokenType, str]


@dataclass(frozen=True, slots=True)
class Function:
    """The lines of a function. `first` is the line of its first decorator, as in tracebacks."""

    name: str
    first: int
    line: int
    last: int


@dataclass(frozen=True, slots=True)
class Line:
    """A source line during highlighting."""

    number: int
    functions: list[Function] = field(default_factory=list)
    html: list[Markup] = field(default_factory=list)


def code(
    source: str, file: str, marks: Mapping[str, str] | None = None, *, chosen: int | None = None
) -> Markup:
    """A whole file. `marks` maps functions on the timeline to their lanes.

    Every line has an anchor. The function that begins at line `chosen` is marked.
    """
    hues = {name: hue(lane) for name, lane in (marks or {}).items()}
    lines = _lines(source, hues)
    body = Markup("").join(_file_line(line, file, hues, chosen) for line in lines)
    return Markup(
        '<pre class="code" data-code="{0}" tabindex="0" role="region" aria-label="{0}">'
        "<code>{1}</code></pre>"
    ).format(file, body)


def excerpt(source: str, function: str | None = None) -> Markup:
    """Code, or only one function with its decorators. Raises LookupError if it is not there."""
    text = source if function is None else _piece(source, function)
    body = Markup("\n").join(lines(text.rstrip()))
    return Markup('<pre class="code" tabindex="0"><code>{}</code></pre>').format(body)


def lines(source: str) -> list[Markup]:
    """The lines, highlighted one by one."""
    return [Markup("").join(line.html) for line in _lines(source, {})]


def around_gaps(source: str) -> list[Markup]:
    """The code before, between and after its gaps, which are characters of private use."""
    return [Markup(piece) for piece in GAP.split(str(Markup("\n").join(lines(source))))]


def _piece(source: str, name: str) -> str:
    for function in _functions(source):
        if function.name == name:
            lines = source.split("\n")[function.first - 1 : function.last]
            return textwrap.dedent("\n".join(lines))
    raise LookupError(f"There is no function {name} in this file.")


def _functions(source: str) -> list[Function]:
    """All functions of a file, outer before inner. Empty if the text has a syntax error."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted(map(_function, nodes), key=lambda function: function.first)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return Function(node.name, first, node.lineno, node.end_lineno or node.lineno)


def _lines(source: str, hues: Mapping[str, str]) -> list[Line]:
    functions = _functions(source)
    texts = source.split("\n")
    if texts[-1] == "" and len(texts) > 1:
        texts.pop()
    lines = [Line(number) for number in range(1, len(texts) + 1)]
    tokens = _tokens("\n".join(texts))
    for line in lines:
        line.functions.extend(f for f in functions if f.first <= line.number <= f.last)
    for line in lines:
        decorates = any(f.first <= line.number < f.line for f in line.functions)
        line.html.extend(_coloured(tokens[line.number], hues, decorates))
    return lines


def _tokens(source: str) -> dict[int, list[Token]]:
    """The tokens of each line. A token over several lines is split."""
    number = 1
    found: dict[int, list[Token]] = defaultdict(list)
    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        for place, piece in enumerate(text.split("\n")):
            number += place > 0
            if piece:
                found[number].append((kind, piece))
    return found


def _coloured(
    tokens: Sequence[Token], hues: Mapping[str, str], decorates: bool
) -> Iterator[Markup]:
    """The tokens of a line as HTML. Neighbours of one class share an element."""
    following = [text for _, text in tokens[1:]] + [""]
    told = [
        ("dec" if decorates else _class(kind), _mark(kind, text, after, hues), text)
        for (kind, text), after in zip(tokens, following, strict=False)
    ]
    for (name, mark), group in groupby(told, key=lambda token: token[:2]):
        text = "".join(piece for _, _, piece in group)
        html = Markup('<span class="{}">{}</span>').format(name, text) if name else escape(text)
        yield Markup('<mark class="{}">{}</mark>').format(mark, html) if mark else html


def _mark(kind: _TokenType, text: str, after: str, hues: Mapping[str, str]) -> str:
    """The hue of the function with this name. The name of an argument (`name=`) has none."""
    return hues.get(text, "") if kind in NAMES and after != "=" else ""


def _class(kind: _TokenType) -> str:
    return next((name for known, name in CLASSES if kind[: len(known)] == known), "")


def _file_line(line: Line, file: str, hues: Mapping[str, str], chosen: int | None) -> Markup:
    """A line with its anchor, its function's hue, and the last line of one that begins here."""
    seen = [hues[function.name] for function in line.functions if function.name in hues]
    classes = ["line", *seen[-1:]]
    if any(chosen in (function.first, function.line) for function in line.functions):
        classes.append("is-chosen")
    last = max((f.last for f in line.functions if line.number in (f.first, f.line)), default=0)
    return Markup('<span class="{}" id="code-{}-{}" data-line="{}"{}>{}\n</span>').format(
        " ".join(classes),
        file,
        line.number,
        line.number,
        Markup(' data-to="{}"').format(last) if last else "",
        Markup("").join(line.html),
    )
