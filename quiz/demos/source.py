"""A demo's Python file as text: its constants with a number, its functions, other numbers in it.

Reads by `ast` and never imports. Comments and layout stay as they were written.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

# A larger number is no parameter. Python refuses to write one of thousands of digits.
LARGEST = 1e15


@dataclass(frozen=True)
class FunctionPlace:
    """Where a function stands, its decorators included. Lines count from 1."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Literal:
    """The number behind a constant, and where it stands in its file's text."""

    value: float | int
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """One of a demo's files: its text, the constants at its top level, its functions."""

    name: str
    text: str

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def constants(self) -> dict[str, Literal]:
        found: dict[str, Literal] = {}
        for node in self._tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    pass
                case _:
                    continue
            if name.isupper() and (literal := self._literal(value)):
                found[name] = literal
        return found

    def _literal(self, node: ast.expr) -> Literal | None:
        match node:
            case ast.Constant(value=bool()):
                return None
            case ast.Constant(value=int() | float() as value, end_lineno=line, end_col_offset=end):
                if abs(value) > LARGEST:
                    return None
                start = self._offset(node.lineno, node.col_offset)
                return Literal(value, start, self._offset(line or 0, end or 0))
        return None

    def _offset(self, line: int, column: int) -> int:
        """ast counts a column in bytes of UTF-8."""
        lines = self.text.split("\n")
        within = lines[line - 1].encode()[:column].decode()
        return sum(len(before) + 1 for before in lines[: line - 1]) + len(within)

    @cached_property
    def imports(self) -> frozenset[str]:
        """The top-level packages that it imports, wherever in it."""
        found: set[str] = set()
        for node in ast.walk(self._tree):
            match node:
                case ast.Import(names=names):
                    found |= {name.name for name in names}
                case ast.ImportFrom(module=str() as module, level=0):
                    found.add(module)
        return frozenset(name.partition(".")[0] for name in found)

    @cached_property
    def functions(self) -> dict[str, FunctionPlace]:
        """All that a run sees: functions, and a class whose objects it sees begin and end."""
        found: dict[str, FunctionPlace] = {}
        ends: list[ast.AST] = []
        # A class comes before what stands in it.
        for node in ast.walk(self._tree):
            match node:
                case ast.ClassDef(body=body) if named := _life(body):
                    ends += named
                case ast.FunctionDef() | ast.AsyncFunctionDef() if node not in ends:
                    pass
                case _:
                    continue
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            place = FunctionPlace(self.name, first, node.end_lineno or node.lineno)
            found.setdefault(node.name, place)
        return found

    def with_values(self, values: Mapping[str, float | int]) -> str:
        """The text with other literals behind its constants; all else stays as it was written."""
        text = self.text
        changed = [
            (self.constants[name], v) for name, v in values.items() if name in self.constants
        ]
        for literal, value in sorted(changed, key=lambda pair: pair[0].start, reverse=True):
            if value != literal.value:
                text = text[: literal.start] + written(value) + text[literal.end :]
        return text


def _life(body: list[ast.stmt]) -> list[ast.stmt]:
    """The methods by which an object's life is seen, where a class has both."""
    names = ("__init__", "__del__")
    found: list[ast.stmt] = [
        node for node in body if isinstance(node, ast.FunctionDef) and node.name in names
    ]
    return found if len(found) == len(names) else []


def written(value: float | int) -> str:
    """As an author would write it: 2, not 2.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
