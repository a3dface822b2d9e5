"""Forms that start runs side by side: a demo's own variants, or two that the learner chooses."""

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.demos.model import Demo
from quiz.figure.words import listed
from quiz.questions.placeholders import number
from quiz.web.components.runs.parameter_form import Field, field_of
from quiz.web.components.runs.run_choice import Choice, choose
from quiz.web.components.wording import seconds

# Prefix of the second side's field names.
OTHER = "other-"


@dataclass(frozen=True, slots=True)
class SideBySideButton:
    """The button that runs a demo's variants side by side, with the values chosen so far."""

    action: str
    fields: list[tuple[str, str]]
    text: str


@dataclass(frozen=True)
class Side:
    """One side of the form that compares two. `prefix` starts the names of its fields."""

    title: str
    prefix: str
    choice: Choice

    @property
    def action(self) -> str:
        return _action(self.choice.demo)

    @property
    def variants(self) -> list[tuple[str, str, bool]]:
        """Name, title and whether it is chosen."""
        here = self.choice.variant
        return [(v.name, v.title, v is here) for v in self.choice.demo.variants.values()]

    @property
    def environments(self) -> list[tuple[str, bool]]:
        """Name and whether it is chosen; empty if each variant has just one."""
        variants = self.choice.demo.variants.values()
        if all(len(variant.environments) == 1 for variant in variants):
            return []
        names = dict.fromkeys(name for v in variants for name in v.environments)
        default = self.choice.variant.environments[0]
        here = self.choice.environment
        return [(name, name == here != default) for name in names]

    @property
    def values(self) -> list[Field]:
        """Fields of all variants, because the form can change the variant."""
        known, given = self.choice.demo.parameters, self.choice.values
        return [field_of(p, number(given.get(name, p.default))) for name, p in known.items()]


def side_by_side_button(choice: Choice) -> SideBySideButton | None:
    """None if the demo names no variants to show side by side."""
    demo = choice.demo
    variants = [demo.variants[name] for name in demo.side_by_side]
    if not variants:
        return None
    longest = seconds(max(variant.seconds for variant in variants))
    text = f"Run {listed([v.title for v in variants])} side by side · about {longest}"
    values = [(name, value) for name, value in choice.fields if name in choice.values]
    return SideBySideButton(_action(demo), values, text)


def both_sides(choice: Choice) -> tuple[Side, Side]:
    """The chosen variant, and another environment or variant of the demo beside it."""
    return Side("The first", "", choice), Side("The second", OTHER, _beside(choice))


def _beside(choice: Choice) -> Choice:
    demo, variants = choice.demo, list(choice.demo.variants.values())
    elsewhere = [name for name in choice.variant.environments if name != choice.environment]
    if elsewhere:
        return choose(demo, choice.variant.name, elsewhere[0], choice.values)
    after = variants[(variants.index(choice.variant) + 1) % len(variants)]
    takes = demo.parameters_of(after.name)
    values = {name: value for name, value in choice.values.items() if name in takes}
    return choose(demo, after.name, None, values)


def chosen(demo: Demo, sent: Mapping[str, str]) -> list[Choice]:
    """The two sides that a form sent, or each variant that the demo names.

    Raises ParameterError. Ignores values that a variant does not take.
    """
    if f"{OTHER}variant" in sent:
        return [_side(demo, sent, ""), _side(demo, sent, OTHER)]
    return [_side(demo, {**sent, "variant": name}, "") for name in demo.side_by_side]


def _side(demo: Demo, sent: Mapping[str, str], prefix: str) -> Choice:
    variant = sent.get(f"{prefix}variant") or demo.variant().name
    if variant not in demo.variants:
        return choose(demo, variant)
    given = {n: sent[prefix + n] for n in demo.parameters_of(variant) if prefix + n in sent}
    return choose(demo, variant, sent.get(f"{prefix}environment"), given)


def _action(demo: Demo) -> str:
    return f"/demos/{demo.name}/side-by-side"
