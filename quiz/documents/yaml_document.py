"""A YAML document whose values have lines and columns, and the problems found in it.

Knows YAML, but no packs or demos. model_errors.py checks a document by a model.
"""

import contextlib
import functools
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from quiz.documents.regular_file import MEGABYTE, UnreadableError, printable, read_text
from quiz.documents.yaml_bounds import DEEPEST, LOADER, BoundError, check_bounds
from quiz.errors import QuizError

LARGEST = 10 * MEGABYTE
LONGEST_NAME, LONGEST_LINE = 40, 2000
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A fault in a file, and what to do. Line and column count from 1."""

    file: str
    line: int
    column: int
    field: str
    reason: str
    mend: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        mend = f" {self.mend}" if self.mend else ""
        told = f"{self.file}:{self.line}:{self.column}: {field}{self.reason}.{mend}"
        return printable(told if len(told) <= LONGEST_LINE else f"{told[:LONGEST_LINE]}…")


class ProblemsError(QuizError):
    """A file that cannot be used, with all of its problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


@dataclass(frozen=True)
class Fault:
    """A fault that a validator found. `loc` is relative to the field; `column` counts in a text."""

    reason: str
    mend: str = ""
    loc: Loc = ()
    column: int = 0


class FaultyError(ValueError):
    """Raised by a model's validator, for several faults or for places below its field."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Document:
    """The data of a YAML file, with the place of each value."""

    data: Any
    file: str
    text: str = ""
    node: yaml.Node | None = None

    @classmethod
    def read(cls, path: Path) -> "Document":
        """The document of a file. Raises ProblemsError for invalid YAML and for repeated keys."""
        file = shown(path)
        try:
            text = read_text(path, LARGEST)
        except UnreadableError as error:
            problem = Problem(file, error.line, 1, "", error.reason, error.mend)
            raise ProblemsError([problem]) from None
        return cls._parsed(text, file)

    @classmethod
    def _parsed(cls, text: str, file: str) -> "Document":
        loader = None
        try:
            check_bounds(text)
            loader = LOADER(text)
            node = loader.get_single_node()
            if node is None:
                raise ProblemsError([Problem(file, 1, 1, "", "is empty", "")])
            if twice := list(_twice(node, file)):
                raise ProblemsError(twice)
            return cls(loader.construct_document(node), file, text, node)
        except yaml.YAMLError as error:
            _refuse(error, file)
        except BoundError as error:
            problem = Problem(file, error.line, error.column, "", error.reason, error.mend)
            raise ProblemsError([problem]) from None
        except (RecursionError, ValueError) as error:
            # ValueError: 2026-13-45 is a date by YAML's syntax, but no date.
            raise ProblemsError([Problem(file, 1, 1, "", f"is not usable: {error}", "")]) from None
        finally:
            if loader:
                loader.dispose()

    def place(self, loc: Sequence[str | int], key: bool = False) -> tuple[int, int]:
        """Line and column of a value or its key; of the enclosing value if it is missing."""
        mark = self._mark(loc, key)
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def _mark(self, loc: Sequence[str | int], key: bool) -> Any:
        node, mark = self.node, self.node and self.node.start_mark
        for index, part in enumerate(loc):
            pair = _child(node, part)
            if pair is None:
                break
            name, node = pair
            at_key = key and index == len(loc) - 1
            mark = name.start_mark if at_key and name is not None else node.start_mark
        return mark

    def inside(self, loc: Sequence[str | int], column: int) -> tuple[int, int]:
        """The place of a column within a text, if the file has the text unchanged in one line."""
        line, start = self.place(loc)
        value = functools.reduce(lambda data, part: data[part], loc, self.data)
        written = self.text.splitlines()[line - 1][start - 1 :]
        quote = 1 if written[:1] in "'\"" else 0
        if isinstance(value, str) and written[quote:].startswith(value):
            return line, start + quote + column - 1
        return line, start

    def problem(self, loc: Sequence[str | int], reason: str, mend: str = "") -> Problem:
        line, column = self.place(loc)
        return Problem(self.file, line, column, self.named(loc), reason, mend)

    def named(self, loc: Sequence[str | int]) -> str:
        """The name of a field. Options are named by their texts: options["Two seconds"].holds."""
        data, steps = self.data, list[str | int]()
        for part in loc:
            with contextlib.suppress(LookupError, TypeError):
                data = data[part]
            text = data.get("text") if isinstance(data, dict) and isinstance(part, int) else None
            steps.append(f'["{_short(text)}"]' if isinstance(text, str) else part)
        return field_name(steps).replace('.["', '["')

    def fault(self, loc: Sequence[str | int], fault: Fault) -> Problem:
        at = (*loc, *fault.loc)
        line, column = self.inside(at, fault.column) if fault.column else self.place(at)
        return Problem(self.file, line, column, self.named(at), fault.reason, fault.mend)

    def problem_of_key(self, loc: Sequence[str | int], reason: str, mend: str = "") -> Problem:
        line, column = self.place(loc, key=True)
        return Problem(self.file, line, column, self.named(loc), reason, mend)


def shown(path: Path) -> str:
    """A path as users type it: relative if it is below the working directory."""
    try:
        return str(path.absolute().relative_to(os.getcwd()))
    except ValueError:
        return str(path)


def field_name(loc: Sequence[str | int]) -> str:
    """The name of a field: options[1].holds for ("options", 1, "holds")."""
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return name.removeprefix(".")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME].rstrip()}…"


def _refuse(error: yaml.YAMLError, file: str) -> NoReturn:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    told, mend = f"is not YAML here: {reason}", _yaml_mend(reason)
    if "nesting depth" in reason:
        told, mend = f"is nested deeper than {DEEPEST} levels", "Nest less."
    problem = Problem(file, line, column, "", told, mend)
    raise ProblemsError([problem]) from None


def _yaml_mend(reason: str) -> str:
    if "mapping values are not allowed" in reason:
        return (
            "A text that contains a colon and a space needs quotes around it, or a `|` before it."
        )
    if "cannot start any token" in reason:
        return "Put the text in quotes; indent with spaces, never with tabs."
    return "Look at the indentation and the quotes here and in the line before."


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(part):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None


def _twice(node: yaml.Node, file: str) -> Iterator[Problem]:
    """Repeated keys, of which YAML parsers keep the last, and values that aliases repeat."""
    todo: deque[tuple[yaml.Node, Loc]] = deque([(node, ())])
    seen: set[int] = set()
    while todo:
        current, loc = todo.popleft()
        if len(loc) > DEEPEST:
            raise ValueError("it is nested too deep")
        if id(current) in seen and not isinstance(current, yaml.ScalarNode):
            mark = current.start_mark
            reason = f"is used again in {field_name(loc)} by an alias"
            mend = "Write it out there, so that every place has its own line."
            yield Problem(file, mark.line + 1, mark.column + 1, "", reason, mend)
            continue
        seen.add(id(current))
        if isinstance(current, yaml.SequenceNode):
            todo += [(item, (*loc, index)) for index, item in enumerate(current.value)]
        elif isinstance(current, yaml.MappingNode):
            yield from _twice_here(current, loc, file)
            todo += [(value, (*loc, str(key.value))) for key, value in current.value]


def _twice_here(node: yaml.MappingNode, loc: Loc, file: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        name, mark = str(key.value), key.start_mark
        if name in first:
            reason = f"stands twice, first in line {first[name]}"
            place = (mark.line + 1, mark.column + 1)
            yield Problem(file, *place, field_name((*loc, name)), reason, "Keep one of them.")
        first.setdefault(name, mark.line + 1)
