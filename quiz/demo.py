"""A demo as data: its variants, parameters and files. Never imports a demo's code; knows no runs.

A new demo is a folder with demo.yaml, scenario.py and the files that the learner reads.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from quiz.discovery import QuizError, did_you_mean, folders
from quiz.located import Document, Problem, ProblemsError, shown, validate
from quiz.programs import PROGRAMS
from quiz.source import FunctionPlace, Literal, Source, written

DEMOS = Path(__file__).parent / "demos"
MARKER = "demo.yaml"
NAME = r"^[a-z][a-z0-9_]*$"


class ParameterError(QuizError):
    """A parameter's name or value that a variant does not take."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Parameter:
    """A number that a learner may change: the constant of that name at the top of a demo's file."""

    name: str
    title: str
    minimum: float | int
    maximum: float | int
    default: float | int
    integer: bool

    @property
    def constant(self) -> str:
        return self.name.upper()

    def read(self, given: object) -> float | int:
        """The value as a number within bounds. Raises ParameterError."""
        value = self._number(given)
        if not self.minimum <= value <= self.maximum:
            bounds = f"{written(self.minimum)} and {written(self.maximum)}"
            raise ParameterError(self.name, f"must lie between {bounds}, not {given}")
        return value

    def _number(self, given: object) -> float | int:
        noun = "a whole number" if self.integer else "a number"
        wrong = ParameterError(self.name, f"must be {noun}, not {given!r}")
        if isinstance(given, str):
            try:
                given = float(given.strip().replace(",", "."))
            except ValueError:
                raise wrong from None
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise wrong
        if isinstance(given, float) and not math.isfinite(given):
            raise wrong
        if self.integer and given != int(given):
            raise wrong
        if self.integer:
            return int(given)
        return float(given) if self.minimum <= given <= self.maximum else given

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "integer" if self.integer else "number",
            "title": self.title,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "default": self.default,
        }


@dataclass(frozen=True)
class Extra:
    """A fact, or a curve, that only this demo's scenario can know."""

    name: str
    title: str
    about: str
    unit: str = ""


@dataclass(frozen=True)
class Variant:
    """An alternative. The first file holds `app`; the first environment is the default.

    `seconds` is from its zero to its last event. `needs` names programs that no environment brings
    (quiz/programs.py).
    """

    name: str
    title: str
    summary: str
    files: tuple[str, ...]
    seconds: float
    environments: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def takes(self) -> float:
        """Seconds from the click: what it needs is started before its zero."""
        return self.seconds + sum(PROGRAMS[name].start_seconds for name in self.needs)


@dataclass(frozen=True)
class Demo:
    """A pattern that can run. Its first variant is the default."""

    name: str
    title: str
    topic: str
    summary: str
    folder: Path
    memory_mb: int
    parameters: Mapping[str, Parameter]
    variants: Mapping[str, Variant]
    extra: Mapping[str, Extra]
    curves: Mapping[str, Extra]
    side_by_side: tuple[str, ...]  # variants that are worth seeing on one axis
    sources: Mapping[str, Source] = field(repr=False)

    @property
    def scenario(self) -> Path:
        return self.folder / "scenario.py"

    def variant(self, name: str | None = None) -> Variant:
        """Raises KeyError for a name it does not have; None is the default."""
        return next(iter(self.variants.values())) if name is None else self.variants[name]

    def choose(
        self, variant: str | None, environment: str | None, given: Mapping[str, object]
    ) -> tuple[Variant, str, dict[str, float | int]]:
        """Defaults for what is None. Raises ParameterError: `variant`, `environment` or a value."""
        if variant is not None and variant not in self.variants:
            mend = did_you_mean(variant, self.variants)
            raise ParameterError("variant", f"{self.title} has no variant {variant}. {mend}")
        chosen = self.variant(variant)
        if environment is not None and environment not in chosen.environments:
            mend = did_you_mean(environment, chosen.environments)
            reason = f"{chosen.title} does not run in {environment}. {mend}"
            raise ParameterError("environment", reason)
        values = self.values(chosen.name, given)
        return chosen, environment or chosen.environments[0], values

    def parameters_of(self, variant: str) -> dict[str, Parameter]:
        """Those whose constant stands in the variant's files."""
        constants = {name for source in self._sources(variant) for name in source.constants}
        return {name: p for name, p in self.parameters.items() if p.constant in constants}

    def values(self, variant: str, given: Mapping[str, object]) -> dict[str, float | int]:
        """All of the variant's parameters, `given` over the defaults. Raises ParameterError."""
        parameters = self.parameters_of(variant)
        for name in given:
            if name not in parameters:
                mend = did_you_mean(name, parameters)
                raise ParameterError(name, f"is no parameter of {self.name}, {variant}. {mend}")
        return {name: p.read(given.get(name, p.default)) for name, p in parameters.items()}

    def source(self, variant: str, values: Mapping[str, float | int]) -> dict[str, str]:
        """File name to text, with these values in it."""
        literals = {name.upper(): value for name, value in values.items()}
        return {source.name: source.with_values(literals) for source in self._sources(variant)}

    def functions(self, variant: str) -> dict[str, FunctionPlace]:
        """Every function of the variant's files; of two with one name the first."""
        found: dict[str, FunctionPlace] = {}
        for source in self._sources(variant):
            found = source.functions | found
        return found

    def imports(self, variant: str) -> list[str]:
        """What the variant's files import: packages, standard modules, each other."""
        return sorted(set().union(*(source.imports for source in self._sources(variant))))

    def excerpt(self, variant: str, function: str, values: Mapping[str, float | int]) -> str:
        """That function's lines, with these values in them. Raises KeyError for an unknown one."""
        place = self.functions(variant)[function]
        lines = self.source(variant, values)[place.file].split("\n")
        return "\n".join(lines[place.first_line - 1 : place.last_line])

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters of all variants."""
        properties = {name: parameter.json_schema() for name, parameter in self.parameters.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _sources(self, variant: str) -> list[Source]:
        return [self.sources[file] for file in self.variants[variant].files]


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
