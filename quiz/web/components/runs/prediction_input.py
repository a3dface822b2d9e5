"""A prediction of a demo's run: the grid on the demo's page, and the text in a run's address."""

from math import ceil

from quiz.questions.prediction import Prediction, PredictionError
from quiz.questions.prediction_grid import Grid
from quiz.web.components.runs.run_choice import Choice
from quiz.web.core.http_error import HttpError

MOST_TASKS, MOST_SLOTS = 6, 10
SLOT_SECONDS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
# A wrong prediction may take longer than the run: the grid has room for that.
ROOM = 1.4
# Functions around the work; the prediction does not ask about them.
ASIDE = frozenset({"lifespan", "ping"})


def grid_of(choice: Choice) -> Grid:
    """The same grid for every page and form of a variant, whatever its values are."""
    functions = choice.demo.functions(choice.variant.name)
    tasks = [name for name in functions if name not in ASIDE and not name.startswith("_")]
    seconds = choice.variant.seconds * ROOM
    slot = next((s for s in SLOT_SECONDS if seconds / s <= MOST_SLOTS), SLOT_SECONDS[-1])
    return Grid(tuple(tasks[:MOST_TASKS]), ceil(seconds / slot), slot, whole=False)


def read(text: str | None) -> Prediction | None:
    """The prediction that an address or a form holds. Raises HttpError 422 if it is invalid."""
    if text is None:
        return None
    try:
        return Prediction.read(text)
    except PredictionError as error:
        mend = "Leave predicted out of the address, or predict again on the demo's page."
        raise HttpError(422, "This is no prediction", f"{error}.", mend) from error
