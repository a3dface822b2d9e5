"""The form that changes what runs: values, variant, environment; and what was wrong in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quiz.demos.model import Parameter, ParameterError, Variant
from quiz.questions.base import AnswerError, number
from quiz.questions.prediction_grid import Grid
from quiz.web.components.runs import fault_controls
from quiz.web.components.runs.prediction_input import grid_of
from quiz.web.components.runs.run_choice import Choice

# Why a variant cannot run in an environment for now, and the command that mends it.
Needs = Callable[[Variant, str], str | None]


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several names, the chosen one being `here`."""

    name: str
    title: str
    here: bool
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Knob:
    name: str
    title: str
    minimum: str
    maximum: str
    step: str
    value: str
    unit: str


@dataclass(frozen=True)
class Knobs:
    """`given` is what was sent where that was refused."""

    choice: Choice
    needs: Needs
    given: Mapping[str, str] = field(default_factory=dict)
    refusal: ParameterError | AnswerError | None = None
    variants_linked: bool = False
    main: bool = False

    @property
    def id(self) -> str:
        """The demo's page may have two of these forms: its own, and that of the run it shows."""
        return "knobs" if self.variants_linked else "lab-knobs"

    @property
    def error(self) -> str:
        return f"{str(self.refusal).rstrip('.')}." if self.refusal else ""

    @property
    def grid(self) -> Grid | None:
        """On the demo's own page it can be predicted what will run."""
        return grid_of(self.choice) if self.variants_linked else None

    @property
    def predicting(self) -> bool:
        return "lock" in self.given

    @property
    def wrong(self) -> str:
        return self.refusal.name if isinstance(self.refusal, ParameterError) else ""

    @property
    def action(self) -> str:
        return self.choice.action

    @property
    def text(self) -> str:
        words = "Just show me" if self.grid else "Run"
        return f"{words} · about {self.choice.seconds}"

    @property
    def breaks(self) -> str:
        """On the demo's own page, where its variant is known: what can be done to the run."""
        return fault_controls.invitation(self.choice.variant.breaks) if self.variants_linked else ""

    @property
    def missing(self) -> str | None:
        """What stands in the button's place where nothing that can be chosen here can run."""
        if not self.variants_linked:
            return None
        variant = self.choice.variant
        needs = [self.needs(variant, environment) for environment in variant.environments]
        return needs[0] if all(needs) else None

    @property
    def link(self) -> str:
        return "" if self.variants_linked else self.choice.href

    @property
    def variant(self) -> str:
        return self.choice.variant.name

    @property
    def variants(self) -> list[Pick]:
        variants = self.choice.demo.variants.values()
        return [
            Pick(v.name, v.title, v is self.choice.variant, self.needs(v, v.environments[0]))
            for v in variants
        ]

    @property
    def environments(self) -> list[Pick]:
        """Those of all variants where another variant can be chosen in the same form."""
        chosen = [self.choice.variant]
        among = chosen if self.variants_linked else self.choice.demo.variants.values()
        # The first that runs in one speaks for it.
        who = {name: v for v in reversed([*among]) for name in v.environments}
        names = dict.fromkeys(name for variant in among for name in variant.environments)
        here = self.choice.environment
        return [Pick(name, name, name == here, self.needs(who[name], name)) for name in names]

    @property
    def values(self) -> list[Knob]:
        parameters = self.choice.demo.parameters_of(self.choice.variant.name).values()
        values, given = self.choice.values, self.given
        return [knob(p, given.get(p.name, number(values[p.name]))) for p in parameters]


def knob(parameter: Parameter, value: str) -> Knob:
    return Knob(
        parameter.name,
        parameter.title,
        number(parameter.minimum),
        number(parameter.maximum),
        "1" if parameter.integer else number(min(0.1, parameter.minimum or 0.1)),
        value,
        " s" if parameter.name.endswith("_seconds") else "",
    )
