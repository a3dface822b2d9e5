"""Reads demo.yaml and the files beside it, and says what is wrong with them and where.

A new demo is a folder with demo.yaml, scenario.py and the files that the learner reads.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quiz.demo import Break, Demo, Extra, Parameter, Variant
from quiz.discovery import did_you_mean, folders
from quiz.located import Document, Problem, ProblemsError, shown, validate
from quiz.programs import PROGRAMS
from quiz.source import Literal, Source, written

DEMOS = Path(__file__).parent / "demos"
MARKER = "demo.yaml"
NAME = r"^[a-z][a-z0-9_]*$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=NAME)]


class _Parameter(_Entry):
    title: str
    minimum: int | float
    maximum: int | float


class _Extra(_Entry):
    title: str
    # A line for who has not read the scenario: what is counted or measured, and where.
    about: str = Field(min_length=1)
    unit: str = ""


class _Variant(_Entry):
    title: str
    summary: str
    files: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.py$")], ...] = Field(min_length=1)
    seconds: float = Field(gt=0)
    environments: tuple[str, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()


class _Demo(_Entry):
    title: str
    topic: str
    summary: str
    memory_mb: int = Field(gt=0)
    parameters: dict[Name, _Parameter] = Field(default_factory=dict)
    variants: dict[Name, _Variant] = Field(min_length=1)
    extra: dict[Name, _Extra] = Field(default_factory=dict)
    curves: dict[Name, _Extra] = Field(default_factory=dict)
    side_by_side: tuple[str, ...] = ()


def load_demos(*roots: Path) -> tuple[dict[str, Demo], list[Problem]]:
    """The demos below these folders, and what is wrong with those that are left out."""
    demos: dict[str, Demo] = {}
    problems: list[Problem] = []
    for root in roots or (DEMOS,):
        for name, folder in folders(root, marker=MARKER).items():
            if name in demos:
                reason = f"the demo {name} is in {shown(demos[name].folder)} already"
                file = shown(folder / MARKER)
                problems.append(Problem(file, 1, 1, "", reason, "Rename one of the folders."))
                continue
            try:
                demos[name] = _load(name, folder)
            except ProblemsError as error:
                problems += error.problems
    return demos, problems


def _load(name: str, folder: Path) -> Demo:
    document = Document.read(folder / MARKER)
    entry, problems = validate(document, _Demo)
    if not re.match(NAME, name):
        reason = f"the folder's name {name} is no name of a demo"
        problems.append(document.problem((), reason, "Use small letters, digits and underscores."))
    if entry is None or problems:
        raise ProblemsError(problems)
    sources, problems = _read(document, folder, entry)
    parameters = {key: _parameter(key, given, sources) for key, given in entry.parameters.items()}
    problems += _wrong_parameters(document, entry, sources)
    problems += _unknown_programs(document, entry)
    problems += _unknown_variants(document, entry)
    if problems:
        raise ProblemsError(problems)
    return Demo(
        name=name,
        title=entry.title,
        topic=entry.topic,
        summary=entry.summary,
        folder=folder,
        memory_mb=entry.memory_mb,
        parameters=MappingProxyType(parameters),
        variants=MappingProxyType(
            {key: Variant(key, **given.model_dump()) for key, given in entry.variants.items()}
        ),
        extra=_extras(entry.extra),
        curves=_extras(entry.curves),
        side_by_side=entry.side_by_side,
        sources=sources,
    )


def _extras(given: Mapping[str, _Extra]) -> dict[str, Extra]:
    return {key: Extra(key, **entry.model_dump()) for key, entry in given.items()}


def _read(
    document: Document, folder: Path, entry: _Demo
) -> tuple[dict[str, Source], list[Problem]]:
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for key, variant in entry.variants.items():
        for index, file in enumerate(variant.files):
            loc = ("variants", key, "files", index)
            try:
                source = Source(file, (folder / file).read_text(encoding="utf-8"))
                _ = source.constants
                sources[file] = source
            except OSError:
                known = [path.name for path in sorted(folder.glob("*.py"))]
                problems.append(
                    document.problem(
                        loc, f"{file} is not in this folder", did_you_mean(file, known)
                    )
                )
            except (SyntaxError, ValueError) as error:
                problems.append(document.problem(loc, f"{file} is no Python: {error}"))
    if not (folder / "scenario.py").is_file():
        problems.append(
            document.problem((), "has no scenario.py", "Say there what the client does.")
        )
    return sources, problems


def _unknown_programs(document: Document, entry: _Demo) -> Iterator[Problem]:
    for key, variant in entry.variants.items():
        for index, name in enumerate(variant.needs):
            if name not in PROGRAMS:
                loc = ("variants", key, "needs", index)
                mend = did_you_mean(name, PROGRAMS)
                yield document.problem(loc, f"{name} is no program that is known here", mend)


def _literals(name: str, sources: Mapping[str, Source]) -> Iterator[tuple[str, Literal]]:
    for source in sources.values():
        if literal := source.constants.get(name.upper()):
            yield source.name, literal


def _unknown_variants(document: Document, entry: _Demo) -> Iterator[Problem]:
    for place, name in enumerate(entry.side_by_side):
        if name not in entry.variants:
            mend = did_you_mean(name, entry.variants)
            yield document.problem(("side_by_side", place), f"there is no variant {name}", mend)


def _parameter(name: str, given: _Parameter, sources: Mapping[str, Source]) -> Parameter:
    default = next((literal.value for _, literal in _literals(name, sources)), given.minimum)
    bounds = (default, given.minimum, given.maximum)
    # A duration that happens to be written as 2 may be 2.5 too.
    integer = all(isinstance(n, int) for n in bounds) and not name.endswith("_seconds")
    value = default if integer else float(default)
    return Parameter(name, given.title, given.minimum, given.maximum, value, integer)


def _wrong_parameters(
    document: Document, entry: _Demo, sources: Mapping[str, Source]
) -> Iterator[Problem]:
    for name, given in entry.parameters.items():
        loc = ("parameters", name)
        literals = list(_literals(name, sources))
        values = {literal.value for _, literal in literals}
        if not literals:
            reason = f"no file has the constant {name.upper()}"
            yield document.problem_of_key(loc, reason, f"Write {name.upper()} = 1 at a file's top.")
        if len(values) > 1:
            files = ", ".join(f"{file} has {written(lit.value)}" for file, lit in literals)
            yield document.problem_of_key(loc, f"has two defaults: {files}", "Write one number.")
        if any(not given.minimum <= value <= given.maximum for value in values):
            reason = f"the default in {literals[0][0]} lies outside minimum and maximum"
            yield document.problem_of_key(loc, reason, "Change the bounds or the file.")
