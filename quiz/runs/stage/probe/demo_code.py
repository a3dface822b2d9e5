"""The code of the demo: which code objects belong to functions of its files."""

import ast
import functools
import os
from types import CodeType

from quiz.runs.stage.probe.writer import WORK


class DemoCode:
    """`run` is the run's folder."""

    def __init__(self, run: str) -> None:
        self._folder = os.path.join(os.path.realpath(run), WORK) + os.sep
        self._is_demo_file: dict[str, bool] = {}
        self._functions: dict[str, frozenset[tuple[str, int]]] = {}

    def has_file(self, file: str) -> bool:
        known = self._is_demo_file.get(file)
        if known is None:
            known = self._is_demo_file[file] = file.startswith(self._folder)
        return known

    def has(self, code: CodeType) -> bool:
        """Whether the author wrote this function with `def`.

        False for modules, class bodies, lambdas and comprehensions, and for functions that the
        compiler adds for annotations, generics and type aliases (`__annotate__`, `T`).
        """
        return self.has_file(code.co_filename) and (
            code.co_name,
            code.co_firstlineno,
        ) in self._functions_in(code.co_filename)

    def place_of(self, code: CodeType) -> dict[str, str | int]:
        """The file and line of a function, for its event."""
        return {"file": code.co_filename[len(self._folder) :], "line": code.co_firstlineno}

    def name_of(self, function: object) -> str | None:
        """The name of a callable of the demo, None for any other object."""
        while isinstance(function, functools.partial):
            function = function.func
        function = getattr(function, "__func__", function)
        code = getattr(function, "__code__", None)
        return code.co_name if isinstance(code, CodeType) and self.has(code) else None

    def _functions_in(self, file: str) -> frozenset[tuple[str, int]]:
        """Parsed when the file's module starts, so that no call has to wait for it."""
        known = self._functions.get(file)
        if known is None:
            known = self._functions[file] = _functions_of(file)
        return known


def _functions_of(file: str) -> frozenset[tuple[str, int]]:
    """Name and first line of each function. A decorator is the first line, as in code objects."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError):
        return frozenset()
    return frozenset(
        (node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)]))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
