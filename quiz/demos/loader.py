"""Reads a demo's folder, and reports what is wrong with its files.

A demo is a folder with demo.yaml, scenario.py and the files that learners read.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quiz.demos.locks import Locks
from quiz.demos.locks import folders as lock_folders
from quiz.demos.model import Break, Demo, Extra, Parameter, Variant
from quiz.demos.scenario_check import SCENARIO, check_scenario, problem_of, read_python
from quiz.demos.source import Literal, Source, written
from quiz.demos.system_programs import PROGRAMS
from quiz.documents.model_errors import validate
from quiz.documents.regular_file import UnreadableError
from quiz.documents.yaml_document import Document, Problem, ProblemsError, shown
from quiz.errors import did_you_mean
from quiz.registry import CONTENT, folders

DEMOS = CONTENT / "demos"
MARKER = "demo.yaml"
NAME = r"^[a-z][a-z0-9_]*$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=NAME)]
Number = int | Annotated[float, Field(allow_inf_nan=False)]
PythonFile = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.py$")]


class _Parameter(_Entry):
    title: str = Field(description="What the number is, as a label: Sending takes.")
    minimum: Number = Field(description="The smallest value that a learner may enter.")
    maximum: Number = Field(description="The largest value that a learner may enter.")


class _Extra(_Entry):
    title: str = Field(description="What it is, as a label: Mails that were sent.")
    about: str = Field(
        min_length=1, description="What is counted or measured, and where, in one line."
    )
    unit: str = Field("", description="The unit of its value, such as lines or MB.")


class _Variant(_Entry):
    title: str = Field(description="What is set up, in a few words.")
    summary: str = Field(description="What is set up, in one line; never the result.")
    files: tuple[PythonFile, ...] = Field(
        min_length=1, description="Its Python files in this folder; the first holds app."
    )
    seconds: float = Field(
        gt=0, allow_inf_nan=False, description="How long a run takes with the default parameters."
    )
    environments: tuple[str, ...] = Field(
        min_length=1, description="Where it can run, the default first: current, arq, or your own."
    )
    needs: tuple[str, ...] = Field(
        (), description="Programs that no environment contains: rabbitmq-server."
    )
    breaks: tuple[Break, ...] = Field((), description="What a learner may break while it runs.")


class DemoFile(_Entry):
    """The contents of a demo.yaml."""

    title: str = Field(description="The demo's name for learners.")
    topic: str = Field(description="The topic under which the list of demos shows it.")
    summary: str = Field(description="What is set up, in one line; never the result.")
    memory_mb: int = Field(gt=0, description="How much memory a run takes, in MB.")
    parameters: dict[Name, _Parameter] = Field(
        default_factory=dict,
        description="Numbers that a learner may change: each is a constant in upper case at the "
        "top of a file.",
    )
    variants: dict[Name, _Variant] = Field(
        min_length=1, description="Alternative files of this demo; the first is the default."
    )
    extra: dict[Name, _Extra] = Field(
        default_factory=dict,
        description="Facts that scenario.py adds with stage.fact(); claims name them extra.NAME.",
    )
    curves: dict[Name, _Extra] = Field(
        default_factory=dict, description="Curves to which scenario.py adds points."
    )
    side_by_side: tuple[str, ...] = Field(
        (), description="Variants that are worth comparing on one time axis."
    )


def load_demos(*roots: Path) -> tuple[dict[str, Demo], list[Problem]]:
    """The demos in these folders, and the problems of those that cannot be used.

    A folder of environments may lie beside a folder of demos.
    """
    demos: dict[str, Demo] = {}
    problems: list[Problem] = []
    roots = roots or (DEMOS,)
    locks = Locks.below(lock_folders(root.parent for root in roots if root != DEMOS))
    for root in roots:
        problems += _without_marker(root)
        for name, folder in folders(root, marker=MARKER).items():
            if name in demos:
                reason = f"the demo {name} is in {shown(demos[name].folder)} already"
                file = shown(folder / MARKER)
                problems.append(Problem(file, 1, 1, "", reason, "Rename one of the folders."))
                continue
            try:
                demos[name], found = _load(name, folder, locks)
                problems += found
            except ProblemsError as error:
                problems += error.problems
    return demos, problems


def _without_marker(root: Path) -> Iterator[Problem]:
    """Problems of folders that look like a demo but have no demo.yaml."""
    for folder in sorted(path for path in root.glob("*") if path.is_dir()):
        if (folder / MARKER).exists():
            continue
        other = folder / "demo.yml"
        if other.exists():
            yield Problem(shown(other), 1, 1, "", "is not read", f"Rename it {MARKER}.")
        elif (folder / SCENARIO).exists():
            mend = f"Add {MARKER}, or remove the folder."
            yield Problem(shown(folder / SCENARIO), 1, 1, "", f"has no {MARKER} beside it", mend)


def _load(name: str, folder: Path, locks: Locks) -> tuple[Demo, list[Problem]]:
    """A demo, and the problems of its missing environments, in which it cannot run."""
    document = Document.read(folder / MARKER)
    entry, problems = validate(document, DemoFile)
    if not re.match(NAME, name):
        reason = f"the folder's name {name} is no name of a demo"
        problems.append(document.problem((), reason, "Use small letters, digits and underscores."))
    if entry is None or problems:
        raise ProblemsError(problems)
    sources, problems = _read(document, folder, entry)
    parameters = {key: _parameter(key, given, sources) for key, given in entry.parameters.items()}
    if not problems:
        # A file that cannot be read may contain the constant.
        problems += _wrong_parameters(document, entry, sources)
    problems += _unknown_programs(document, entry)
    problems += _unknown_variants(document, entry)
    if problems:
        raise ProblemsError(problems)
    demo = Demo(
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
    return demo, list(_unknown_environments(document, entry, locks))


def _extras(given: Mapping[str, _Extra]) -> dict[str, Extra]:
    return {key: Extra(key, **entry.model_dump()) for key, entry in given.items()}


def _read(
    document: Document, folder: Path, entry: DemoFile
) -> tuple[dict[str, Source], list[Problem]]:
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    places = {
        file: ("variants", key, "files", index)
        for key, variant in entry.variants.items()
        for index, file in enumerate(variant.files)
    }
    for file, loc in places.items():
        if not (folder / file).exists():
            known = [path.name for path in sorted(folder.glob("*.py"))]
            mend = did_you_mean(file, known)
            problems.append(document.problem(loc, f"{file} is not in this folder", mend))
            continue
        try:
            sources[file] = read_python(folder / file)
        except (UnreadableError, SyntaxError) as error:
            problems.append(problem_of(folder / file, error))
    if (folder / SCENARIO).is_file():
        problems += check_scenario(folder / SCENARIO, tuple(entry.extra), tuple(entry.curves))
    else:
        mend = "Say there what the client does."
        problems.append(document.problem((), f"has no {SCENARIO}", mend))
    return sources, problems


def _unknown_programs(document: Document, entry: DemoFile) -> Iterator[Problem]:
    for key, variant in entry.variants.items():
        for index, name in enumerate(variant.needs):
            if name not in PROGRAMS:
                loc = ("variants", key, "needs", index)
                mend = did_you_mean(name, PROGRAMS)
                yield document.problem(loc, f"{name} is no program that is known here", mend)


def _unknown_environments(document: Document, entry: DemoFile, locks: Locks) -> Iterator[Problem]:
    for key, variant in entry.variants.items():
        for index, name in enumerate(variant.environments):
            if lack := locks.lack(name):
                yield document.problem(("variants", key, "environments", index), *lack)


def _literals(name: str, sources: Mapping[str, Source]) -> Iterator[tuple[str, Literal]]:
    for source in sources.values():
        if literal := source.constants.get(name.upper()):
            yield source.name, literal


def _unknown_variants(document: Document, entry: DemoFile) -> Iterator[Problem]:
    for place, name in enumerate(entry.side_by_side):
        if name not in entry.variants:
            mend = did_you_mean(name, entry.variants)
            yield document.problem(("side_by_side", place), f"there is no variant {name}", mend)


def _parameter(name: str, given: _Parameter, sources: Mapping[str, Source]) -> Parameter:
    default = next((literal.value for _, literal in _literals(name, sources)), given.minimum)
    bounds = (default, given.minimum, given.maximum)
    # A duration that is written as 2 may also be 2.5.
    integer = all(isinstance(n, int) for n in bounds) and not name.endswith("_seconds")
    value = default if integer else float(default)
    return Parameter(name, given.title, given.minimum, given.maximum, value, integer)


def _wrong_parameters(
    document: Document, entry: DemoFile, sources: Mapping[str, Source]
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
