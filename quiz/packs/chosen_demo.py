"""The demo that a question names, with the variant, environment and values that the file chooses.

Notes a problem for each name that does not exist, and for each value that is out of bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quiz.claims.facts import Names
from quiz.demos.model import Demo, ParameterError, Variant
from quiz.documents.yaml_document import Loc
from quiz.errors import did_you_mean
from quiz.packs.reading import Reading


@dataclass(frozen=True)
class ChosenDemo:
    """The values are those of all parameters of the variant."""

    demo: Demo
    variant: str
    environment: str
    values: Mapping[str, float | int]

    @cached_property
    def names(self) -> Names:
        return Names.of(self.demo, self.variant)

    def completed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The mapping of the file with defaults for what it leaves out. Faulty values stay."""
        defaults = {"variant": self.variant, "environment": self.environment}
        full = dict(given) | {key: value for key, value in defaults.items() if not given.get(key)}
        if isinstance(given.get("parameters") or {}, dict):
            full["parameters"] = dict(self.values)
        return full


def choose(reading: Reading, raw: Any, loc: Loc) -> ChosenDemo | None:
    """The demo of a `demo:` mapping; None if it is broken, unknown or no such mapping."""
    if not isinstance(raw, dict) or not isinstance(name := raw.get("name"), str):
        return None
    if name in reading.broken:
        # The demo's own problems: the question that names it is not at fault.
        reading.problems += reading.broken[name]
        return None
    if name not in reading.demos:
        mend = did_you_mean(name, reading.demos)
        reading.note((*loc, "name"), f"{name} is not a demo", mend)
        return None
    return _choose(reading, raw, loc, reading.demos[name], None)


def choose_counterfactual(
    reading: Reading, raw: Mapping[str, Any], loc: Loc, base: ChosenDemo
) -> ChosenDemo | None:
    """The same demo with what this mapping changes; None if it names an unknown variant."""
    return _choose(reading, raw, loc, base.demo, base)


def read_values(
    reading: Reading, raw: Any, loc: Loc, demo: Demo, variant: str
) -> dict[str, float | int]:
    """The valid values of a `parameters:` mapping."""
    known = demo.parameters_of(variant)
    values: dict[str, float | int] = {}
    for name, given in raw.items() if isinstance(raw, dict) else ():
        if name not in known:
            reason = f"{name} is not a parameter of {demo.name}, {variant}"
            reading.note_key((*loc, name), reason, did_you_mean(name, known))
            continue
        try:
            values[name] = known[name].read(given)
        except ParameterError as error:
            reading.note((*loc, name), error.reason)
    return values


def _choose(
    reading: Reading, raw: Mapping[str, Any], loc: Loc, demo: Demo, base: ChosenDemo | None
) -> ChosenDemo | None:
    variant = raw.get("variant") or (base.variant if base else demo.variant().name)
    if not isinstance(variant, str):
        return None  # the model says so
    if variant not in demo.variants:
        reason = f"{variant} is not a variant of {demo.name}"
        reading.note((*loc, "variant"), reason, did_you_mean(variant, demo.variants))
        return None
    environment = _environment(reading, raw, loc, demo.variants[variant], demo, base)
    given = read_values(reading, raw.get("parameters"), (*loc, "parameters"), demo, variant)
    inherited = base.values if base else {}
    values = {name: inherited.get(name, value) for name, value in demo.values(variant, {}).items()}
    return ChosenDemo(demo, variant, environment, values | given)


def _environment(
    reading: Reading,
    raw: Mapping[str, Any],
    loc: Loc,
    variant: Variant,
    demo: Demo,
    base: ChosenDemo | None,
) -> str:
    known = variant.environments
    given = raw.get("environment")
    if not given:
        return base.environment if base and base.environment in known else known[0]
    if given not in known:
        reason = f"{given} is not an environment of {demo.name}, {variant.name}"
        reading.note((*loc, "environment"), reason, did_you_mean(given, known))
    return str(given)
