"""A demo as data: its variants, parameters and files. Never imports a demo's code; knows no runs.

loader.py reads it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from quiz.demos.source import FunctionPlace, Source, written
from quiz.demos.system_programs import PROGRAMS
from quiz.errors import QuizError, did_you_mean

# What can be broken: a web process, a worker, a broker, the client's connection.
Break = Literal["web", "worker", "broker", "connection"]


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
    (quiz/programs.py), `breaks` what a learner may break while it runs.
    """

    name: str
    title: str
    summary: str
    files: tuple[str, ...]
    seconds: float
    environments: tuple[str, ...]
    needs: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def takes(self) -> float:
        """Seconds from the click: what it needs is started before its zero."""
        return self.seconds + sum(PROGRAMS[name].start_seconds for name in self.needs)


# Compared by identity, so that what is computed from a demo can be cached by it.
@dataclass(frozen=True, eq=False)
class Demo:
    """A pattern that can run. The first variant is the default."""

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
