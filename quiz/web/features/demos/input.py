"""The variant and values that an address or a form asks for, and a prediction. Pure."""

from collections.abc import Mapping

from starlette.datastructures import FormData

from quiz.demos.model import Demo, ParameterError
from quiz.questions.prediction import Prediction
from quiz.web.components.runs import prediction_input
from quiz.web.components.runs.run_choice import Choice, choose

NOT_PARAMETERS = frozenset(
    {"variant", "environment", "attempt", "variants", "span", "lock", "sent", "predicted"}
)


def chosen(demo: Demo, given: Mapping[str, str]) -> Choice:
    """Raises ParameterError. Ignores parameters that only another variant takes."""
    variant = given.get("variant") or None
    # Field names of the prediction grid have a hyphen; names of parameters do not.
    values = {n: value for n, value in given.items() if n not in NOT_PARAMETERS and "-" not in n}
    if variant is None or variant in demo.variants:
        takes = demo.parameters_of(demo.variant(variant).name)
        others = demo.parameters.keys() - takes.keys()
        values = {name: value for name, value in values.items() if name not in others}
    return choose(demo, variant, given.get("environment"), values)


def valid_part(demo: Demo, given: Mapping[str, str]) -> tuple[Choice, list[str]]:
    """The choice with defaults in place of invalid values, and a note about each of these."""
    left, notes = dict(given), list[str]()
    while True:
        try:
            return chosen(demo, left), notes
        except ParameterError as error:
            notes.append(f"{error}. The default is used instead.")
            del left[error.name]


def predicted(choice: Choice, given: Mapping[str, str]) -> Prediction | None:
    """The prediction of the grid, or the one that a repeated run was compared with.

    Raises AnswerError for an invalid grid.
    """
    if "lock" in given:
        return prediction_input.grid_of(choice).parse(FormData(given))
    return prediction_input.read(given.get("predicted"))
