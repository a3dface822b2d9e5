"""Checks a demo's scenario.py without running it.

A scenario must compile, have play(stage), call existing methods of the stage, and use facts and
curves that demo.yaml declares.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from quiz.demos.source import Source, read_source
from quiz.documents.regular_file import UnreadableError, read_text, refuse_control
from quiz.documents.yaml_document import Problem, shown
from quiz.errors import did_you_mean
from quiz.registry import PACKAGE

SCENARIO = "scenario.py"
# The only module of the app that a scenario may import.
PUBLIC = "quiz.scenario"
STAGE = PACKAGE / "runs" / "stage" / SCENARIO
LARGEST = 100_000
# Methods of the stage: the position and name of an argument that this field of demo.yaml lists.
DECLARED = {
    "fact": (0, "name", "extra"),
    "sample": (0, "name", "curves"),
    "keep_asking": (1, "curve", "curves"),
    "watch_memory": (1, "curve", "curves"),
}
NO_PLAY = "Write def play(stage: Stage) -> None: and below it what the client does."
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Scenario:
    """A scenario that is being checked. `declared` has the names under `extra` and `curves`."""

    file: str
    tree: ast.Module
    declared: Mapping[str, Sequence[str]]

    def problem(self, node: ast.AST, reason: str, mend: str) -> Problem:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        return Problem(self.file, line, column, "", reason, mend)


def read_python(path: Path) -> Source:
    """The source of a file. Raises UnreadableError, or SyntaxError with its place."""
    text = read_text(path, LARGEST)
    refuse_control(text)
    try:
        return read_source(path.name, text)
    except (RecursionError, MemoryError):
        raise UnreadableError("is nested too deep to be read", "Nest less.") from None
    except ValueError as error:
        raise UnreadableError(f"is not Python: {error}") from None


def problem_of(path: Path, error: UnreadableError | SyntaxError) -> Problem:
    """The problem of a Python file that cannot be used."""
    if isinstance(error, UnreadableError):
        return Problem(shown(path), error.line, 1, "", error.reason, error.mend)
    place = error.lineno or 1, error.offset or 1
    return Problem(shown(path), *place, "", f"is not Python here: {error.msg}", "")


def check_scenario(path: Path, extra: Sequence[str], curves: Sequence[str]) -> list[Problem]:
    """All that is wrong with a scenario, in the order of its file."""
    try:
        found = _found(shown(path), read_python(path), tuple(extra), tuple(curves))
    except (UnreadableError, SyntaxError) as error:
        return [problem_of(path, error)]
    except (RecursionError, MemoryError):
        return [problem_of(path, UnreadableError("is nested too deep to be compiled"))]
    return list(found)


@lru_cache(maxsize=512)
def _found(
    file: str, source: Source, extra: tuple[str, ...], curves: tuple[str, ...]
) -> tuple[Problem, ...]:
    """The problems of a scenario. One that has not changed is not checked again."""
    compile(source.text, SCENARIO, "exec", dont_inherit=True)
    scenario = _Scenario(file, source.tree, {"extra": extra, "curves": curves})
    found = [*_wrong_imports(scenario), *_wrong_play(scenario), *_wrong_calls(scenario)]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def _play(tree: ast.Module) -> Function | None:
    functions = (node for node in tree.body if isinstance(node, Function))
    return next((node for node in functions if node.name == "play"), None)


def _wrong_imports(scenario: _Scenario) -> Iterator[Problem]:
    """Imports of private modules, which the next version may rename."""
    for node in ast.walk(scenario.tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith("quiz."):
                if module != PUBLIC:
                    names = ", ".join(alias.name for alias in node.names)
                    mend = f"Write from {PUBLIC} import {names}"
                    yield scenario.problem(node, f"{module} is not public", mend)


def _wrong_play(scenario: _Scenario) -> Iterator[Problem]:
    play = _play(scenario.tree)
    if play is None:
        yield scenario.problem(scenario.tree, "has no play(stage)", NO_PLAY)
    elif isinstance(play, ast.AsyncFunctionDef):
        yield scenario.problem(play, "play is async", "Write def: nothing awaits a scenario.")
    elif len(play.args.args) != 1 and not play.args.vararg:
        count = len(play.args.args)
        yield scenario.problem(play, f"play takes {count} arguments", "Write def play(stage):")


def _wrong_calls(scenario: _Scenario) -> Iterator[Problem]:
    methods = stage_methods()
    names = _names_of_the_stage(scenario.tree)
    called = {node.func for node in ast.walk(scenario.tree) if isinstance(node, ast.Call)}
    for node in ast.walk(scenario.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in names:
                if attribute not in (*methods, *stage_attributes()):
                    kind = "method" if node in called else "attribute"
                    mend = did_you_mean(attribute, methods)
                    yield scenario.problem(node, f"the stage has no {kind} {attribute}", mend)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if name in names and method in methods:
                    yield from _wrong_arguments(scenario, node, method, methods[method])
                    yield from _undeclared(scenario, node, method)


def _names_of_the_stage(tree: ast.Module) -> set[str]:
    """The names of the stage: the argument of play, and arguments annotated with Stage."""
    play = _play(tree)
    names = {play.args.args[0].arg} if play and play.args.args else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Name):
            names |= {node.arg} if node.annotation.id == "Stage" else set()
    return names


def _undeclared(scenario: _Scenario, call: ast.Call, method: str) -> Iterator[Problem]:
    """Facts and curves that demo.yaml does not declare. Only literal names are checked."""
    place, keyword, where = DECLARED.get(method, (0, "", ""))
    given = [*call.args[place : place + 1]]
    given += [word.value for word in call.keywords if word.arg == keyword]
    for value in given if where else ():
        name = value.value if isinstance(value, ast.Constant) else None
        if isinstance(name, str) and name not in scenario.declared[where]:
            reason = f"{name} is not declared under {where}: in demo.yaml"
            mend = f"Add it there: {name}: {{title: …, about: …}}."
            yield scenario.problem(value, reason, mend)


def _wrong_arguments(
    scenario: _Scenario, call: ast.Call, method: str, known: ast.arguments
) -> Iterator[Problem]:
    words = [word.arg for word in call.keywords]
    if None in words or any(isinstance(given, ast.Starred) for given in call.args):
        return
    places = [one.arg for one in known.args[1:]]
    only = [one.arg for one in known.kwonlyargs]
    for word in call.keywords:
        if word.arg not in [*places, *only] and not known.kwarg:
            mend = did_you_mean(word.arg, [*places, *only])
            yield scenario.problem(word, f"{method}() takes no {word.arg}", mend)
    optional = len(known.defaults)
    needed = places[len(call.args) : len(places) - optional]
    needed += [name for name, default in zip(only, known.kw_defaults, strict=True) if not default]
    if lacking := [name for name in needed if name not in words]:
        mend = f"Write {', '.join(f'{name}=…' for name in lacking)}."
        yield scenario.problem(call, f"{method}() needs {', '.join(lacking)}", mend)
    if len(call.args) > len(places) and not known.vararg:
        mend = f"Name the others: {', '.join(only)}." if only else "Remove the others."
        yield scenario.problem(call, f"{method}() takes {len(places)} arguments by place", mend)


@cache
def _stage_class() -> ast.ClassDef:
    tree = ast.parse(STAGE.read_text(encoding="utf-8"))
    return next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Stage")


@cache
def stage_methods() -> dict[str, ast.arguments]:
    functions = [node for node in _stage_class().body if isinstance(node, ast.FunctionDef)]
    return {one.name: one.args for one in functions if not one.name.startswith("_")}


@cache
def stage_attributes() -> frozenset[str]:
    return frozenset(
        node.attr
        for node in ast.walk(_stage_class())
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "self"
        if not node.attr.startswith("_")
    )
