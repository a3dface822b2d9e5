"""The form that changes what runs: values, variant, environment, and the error in them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quiz.demos.model import Parameter, ParameterError, Variant
from quiz.questions.answers import AnswerError
from quiz.questions.placeholders import number
from quiz.questions.prediction_grid import Grid
from quiz.web.components.runs import fault_controls
from quiz.web.components.runs.prediction_input import grid_of
from quiz.web.components.runs.requirements import Requirements
from quiz.web.components.runs.run_choice import Choice


@dataclass(frozen=True, slots=True)
class Option:
    """A variant or an environment to choose. `here` marks the chosen one."""

    name: str
    title: str
    here: bool
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A number with its limits, as texts that HTML attributes take."""

    name: str
    title: str
    minimum: str
    maximum: str
    step: str
    value: str
    unit: str


@dataclass(frozen=True)
class ParameterForm:
    """`given` holds the texts that the server refused; `refusal` says why.

    `variants_linked`: the form is on the demo's page, where links choose the variant.
    """

    choice: Choice
    requirements: Requirements
    given: Mapping[str, str] = field(default_factory=dict)
    refusal: ParameterError | AnswerError | None = None
    variants_linked: bool = False
    main: bool = False

    @property
    def id(self) -> str:
        """The demo's page may have two forms: its own, and the one of the run it shows."""
        return "knobs" if self.variants_linked else "lab-knobs"

    @property
    def action(self) -> str:
        return self.choice.action

    @property
    def link(self) -> str:
        return "" if self.variants_linked else self.choice.href

    @property
    def text(self) -> str:
        words = "Just show me" if self.grid else "Run"
        return f"{words} · about {self.choice.seconds}"

    @property
    def error(self) -> str:
        return f"{str(self.refusal).rstrip('.')}." if self.refusal else ""

    @property
    def wrong(self) -> str:
        """Name of the parameter with the error."""
        return self.refusal.name if isinstance(self.refusal, ParameterError) else ""

    @property
    def variant(self) -> str:
        return self.choice.variant.name

    @property
    def variants(self) -> list[Option]:
        here, needs = self.choice.variant, self.requirements.of
        variants = self.choice.demo.variants.values()
        return [Option(v.name, v.title, v is here, needs(v, v.environments[0])) for v in variants]

    @property
    def environments(self) -> list[Option]:
        """Environments of all variants if the form can change the variant, too."""
        variants = [self.choice.variant] if self.variants_linked else self._all_variants
        # The first variant that runs in an environment decides what that environment needs.
        first = {name: v for v in reversed(variants) for name in v.environments}
        names = dict.fromkeys(name for variant in variants for name in variant.environments)
        here, needs = self.choice.environment, self.requirements.of
        return [Option(name, name, name == here, needs(first[name], name)) for name in names]

    @property
    def _all_variants(self) -> list[Variant]:
        return list(self.choice.demo.variants.values())

    @property
    def values(self) -> list[Field]:
        parameters = self.choice.demo.parameters_of(self.choice.variant.name).values()
        values, given = self.choice.values, self.given
        return [field_of(p, given.get(p.name, number(values[p.name]))) for p in parameters]

    @property
    def missing(self) -> str | None:
        """Message in place of the button if the variant can run in none of its environments."""
        if not self.variants_linked:
            return None
        variant = self.choice.variant
        needs = [self.requirements.of(variant, name) for name in variant.environments]
        return needs[0] if all(needs) else None

    @property
    def grid(self) -> Grid | None:
        """Grid for a prediction, which only the demo's own page asks for."""
        return grid_of(self.choice) if self.variants_linked else None

    @property
    def predicting(self) -> bool:
        return "lock" in self.given

    @property
    def faults(self) -> str:
        """What the learner can break during the run, on the demo's own page."""
        return fault_controls.invitation(self.choice.variant.breaks) if self.variants_linked else ""


def field_of(parameter: Parameter, value: str) -> Field:
    return Field(
        parameter.name,
        parameter.title,
        number(parameter.minimum),
        number(parameter.maximum),
        "1" if parameter.integer else number(min(0.1, parameter.minimum or 0.1)),
        value,
        " s" if parameter.name.endswith("_seconds") else "",
    )
