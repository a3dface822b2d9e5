"""A demo as data: its variants, parameters and files. loader.py reads demos.

Never imports a demo's code, and knows no runs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from quiz.demos.source import FunctionPlace, Source, written
from quiz.demos.system_programs import PROGRAMS
from quiz.errors import QuizError, did_you_mean

# What a learner can break during a run; "connection" is the client's.
Break = Literal["web", "worker", "broker", "connection"]


class ParameterError(QuizError):
    """A name or value of a parameter that a variant does not accept."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Parameter:
    """A number that a learner may change: an upper-case constant in a demo's file."""

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
        """The given value as a number within the bounds. Raises ParameterError."""
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
    """A fact or a curve that a demo's scenario adds."""

    name: str
    title: str
    about: str
    unit: str = ""


@dataclass(frozen=True)
class Variant:
    """A variant of a demo. The first file contains `app`; the first environment is the default.

    `seconds` is the time from the first request to the last event. `needs` names programs of
    system_programs.py, `breaks` what a learner may break during a run.
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
        """Seconds that a run takes, with the start of the programs that it needs."""
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
    side_by_side: tuple[str, ...]  # variants worth comparing on one time axis
    sources: Mapping[str, Source] = field(repr=False)

    @property
    def scenario(self) -> Path:
        return self.folder / "scenario.py"

    def variant(self, name: str | None = None) -> Variant:
        """The variant of this name; the default for None. Raises KeyError."""
        return next(iter(self.variants.values())) if name is None else self.variants[name]

    def choose(
        self, variant: str | None, environment: str | None, given: Mapping[str, object]
    ) -> tuple[Variant, str, dict[str, float | int]]:
        """Variant, environment and values, with defaults for None.

        Raises ParameterError, whose name is `variant`, `environment` or a parameter.
        """
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
        """The parameters whose constants the variant's files contain."""
        constants = {name for source in self._sources(variant) for name in source.constants}
        return {name: p for name, p in self.parameters.items() if p.constant in constants}

    def values(self, variant: str, given: Mapping[str, object]) -> dict[str, float | int]:
        """The values of all parameters of the variant. Raises ParameterError."""
        parameters = self.parameters_of(variant)
        for name in given:
            if name not in parameters:
                mend = did_you_mean(name, parameters)
                raise ParameterError(name, f"is not a parameter of {self.name}, {variant}. {mend}")
        return {name: p.read(given.get(name, p.default)) for name, p in parameters.items()}

    def source(self, variant: str, values: Mapping[str, float | int]) -> dict[str, str]:
        """The text of each file by its name, with these values."""
        literals = {name.upper(): value for name, value in values.items()}
        return {source.name: source.with_values(literals) for source in self._sources(variant)}

    def functions(self, variant: str) -> dict[str, FunctionPlace]:
        """The functions of the variant's files. Of two functions with one name, the first."""
        found: dict[str, FunctionPlace] = {}
        for source in self._sources(variant):
            found = source.functions | found
        return found

    def imports(self, variant: str) -> list[str]:
        """The top-level modules that the variant's files import."""
        return sorted(set().union(*(source.imports for source in self._sources(variant))))

    def excerpt(self, variant: str, function: str, values: Mapping[str, float | int]) -> str:
        """The lines of a function, with these values. Raises KeyError."""
        place = self.functions(variant)[function]
        lines = self.source(variant, values)[place.file].split("\n")
        return "\n".join(lines[place.first_line - 1 : place.last_line])

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of all variants' parameters."""
        properties = {name: parameter.json_schema() for name, parameter in self.parameters.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _sources(self, variant: str) -> list[Source]:
        return [self.sources[file] for file in self.variants[variant].files]
