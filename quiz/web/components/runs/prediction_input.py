"""What is predicted of a demo's run before it: on the demo's page, then in the run's address."""

from math import ceil

from fastapi import Request

from quiz.questions.prediction import Prediction, PredictionError
from quiz.questions.prediction_grid import Grid
from quiz.web.components.runs.run_choice import Choice
from quiz.web.core.http_error import HttpError

MOST_TASKS, MOST_SLOTS = 6, 10
SLOT_SECONDS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
# A wrong prediction may take longer than the truth.
ROOM = 1.4
# What stands around the work, and not in question.
ASIDE = frozenset({"lifespan", "ping"})


def grid_of(choice: Choice) -> Grid:
    """One that every page and form of a variant draws alike, whatever its values are."""
    functions = choice.demo.functions(choice.variant.name)
    tasks = [name for name in functions if name not in ASIDE and not name.startswith("_")]
    seconds = choice.variant.seconds * ROOM
    slot = next((s for s in SLOT_SECONDS if seconds / s <= MOST_SLOTS), SLOT_SECONDS[-1])
    return Grid(tuple(tasks[:MOST_TASKS]), ceil(seconds / slot), slot, whole=False)


def of_address(request: Request) -> Prediction | None:
    """Raises HttpError on what is no prediction."""
    return read(request.query_params.get("predicted"))


def read(text: str | None) -> Prediction | None:
    if text is None:
        return None
    try:
        return Prediction.read(text)
    except PredictionError as error:
        mend = "Leave predicted out of the address, or predict again on the demo's page."
        raise HttpError(422, "This is no prediction", f"{error}.", mend) from error
