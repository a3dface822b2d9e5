"""A demo's Python file as text: its numeric constants, its functions, and other values in it.

Reads files with `ast` and never imports them. Comments and layout stay as written.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

# The largest parameter. Python refuses to convert integers of thousands of digits to text.
LARGEST = 1e15


@dataclass(frozen=True)
class FunctionPlace:
    """The lines of a function with its decorators. Lines count from 1."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Literal:
    """The value of a constant, and the place of its literal in the file's text."""

    value: float | int
    start: int
    end: int


@lru_cache(maxsize=512)
def read_source(name: str, text: str) -> "Source":
    """The source of a file. One that has not changed since it was last read is not parsed again.

    Raises SyntaxError, RecursionError, MemoryError or ValueError on what is no Python.
    """
    return Source(name, text, ast.parse(text))


@dataclass(frozen=True)
class Source:
    """A demo's file: its text, its top-level constants, its functions and its imports."""

    name: str
    text: str
    tree: ast.Module = field(repr=False, compare=False)

    @cached_property
    def constants(self) -> dict[str, Literal]:
        found: dict[str, Literal] = {}
        for node in self.tree.body:
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
        """The place in the text. `ast` counts columns in bytes of UTF-8."""
        lines = self.text.split("\n")
        within = lines[line - 1].encode()[:column].decode()
        return sum(len(before) + 1 for before in lines[: line - 1]) + len(within)

    @cached_property
    def imports(self) -> frozenset[str]:
        """The top-level packages that the file imports, at any depth."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    found |= {name.name for name in names}
                case ast.ImportFrom(module=str() as module, level=0):
                    found.add(module)
        return frozenset(name.partition(".")[0] for name in found)

    @cached_property
    def functions(self) -> dict[str, FunctionPlace]:
        """What a run records: functions, and classes whose objects' lifetimes it records."""
        found: dict[str, FunctionPlace] = {}
        ends: list[ast.AST] = []
        # ast.walk yields a class before its methods.
        for node in ast.walk(self.tree):
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
        """The text with other values of its constants. All else stays as written."""
        text = self.text
        changed = [
            (self.constants[name], v) for name, v in values.items() if name in self.constants
        ]
        for literal, value in sorted(changed, key=lambda pair: pair[0].start, reverse=True):
            if value != literal.value:
                text = text[: literal.start] + written(value) + text[literal.end :]
        return text


def _life(body: list[ast.stmt]) -> list[ast.stmt]:
    """The constructor and destructor of a class that has both; otherwise nothing."""
    names = ("__init__", "__del__")
    found: list[ast.stmt] = [
        node for node in body if isinstance(node, ast.FunctionDef) and node.name in names
    ]
    return found if len(found) == len(names) else []


def written(value: float | int) -> str:
    """The number as an author would write it: 2, not 2.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
