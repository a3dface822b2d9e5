"""Starting a run for a page and finding one again: what refuses it, what repeats it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import Request

from quiz.demos.model import ParameterError
from quiz.packs.catalog import Catalog
from quiz.runs.errors import Evicted, QueueFull, Unavailable, UnknownRun
from quiz.runs.run import Run
from quiz.web.components.runs.run_choice import Choice, choose
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import guest_address, learner, state
from quiz.web.core.sse import unless_stopping

ONE_AT_A_TIME = "One run at a time: this one of yours still goes on."


@contextmanager
def refusals(back: str) -> Iterator[None]:
    """The sandbox's errors as pages; `back` is where one would go on."""
    try:
        yield
    except QueueFull as error:
        headers = {"Retry-After": str(error.retry_after)}
        mend = "Your answers are kept; only the run has to wait."
        raise HttpError(
            503, "Too many runs wait", str(error), mend, (("Back", back),), headers
        ) from error
    except Unavailable as error:
        actions = (("Back", back), ("All demos", "/demos"))
        raise HttpError(409, "This cannot run here yet", str(error), "", actions) from error


def get(request: Request, id: str) -> Run:
    """Raises HttpError 404 or, with what repeats it, 410."""
    try:
        return state(request)["runs"].get(id)
    except UnknownRun as error:
        mend = "Check the address, or run the demo yourself."
        raise HttpError(404, "No such run", str(error), mend, (("All demos", "/demos"),)) from error
    except Evicted as error:
        again = repeated(state(request)["shelf"].catalog, error.row)
        actions = (("Run it again", again.href),) if again else (("All demos", "/demos"),)
        mend = "Only the newest runs are kept, and those that an answer shows."
        raise HttpError(410, "This run is gone", "It was here once.", mend, actions) from error


def repeated(catalog: Catalog, row: Mapping[str, Any]) -> Choice | None:
    """What a run was made of; None where that is no longer there or no longer allowed."""
    demo = catalog.demos.get(row["demo"])
    if demo is None:
        return None
    try:
        return choose(demo, row["variant"], row["environment"], row["parameters"])
    except ParameterError:
        return None


def choice_of(request: Request, run: Run) -> Choice | None:
    names = ("demo", "variant", "environment", "parameters")
    row = {name: getattr(run, name) for name in names}
    return repeated(state(request)["shelf"].catalog, row)


def shows(run: Run, choice: Choice) -> bool:
    """Whether the run is one of just this."""
    return (
        (run.demo, run.variant) == (choice.demo.name, choice.variant.name)
        and run.environment == choice.environment
        and dict(run.parameters) == dict(choice.values)
    )


async def start(request: Request, choice: Choice, slot: str = "") -> Run:
    """Raises HttpError. If the caller has an active run in this slot, returns that run."""
    return await _start(request, choice, learner(request), slot)


async def start_for_class(request: Request, choice: Choice, slot: str) -> Run:
    """Raises HttpError. The class has one active run per slot, which belongs to no learner."""
    return await _start(request, choice, None, slot)


async def _start(request: Request, choice: Choice, who: str | None, slot: str) -> Run:
    with refusals(choice.href):
        return await state(request)["runs"].start(
            choice.demo.name,
            choice.variant.name,
            choice.environment,
            choice.values,
            learner=who,
            slot=slot,
            address=guest_address(request) if who else "",
        )


async def held(request: Request, id: str, seconds: float, *, begun: bool = False) -> Run:
    """The run when it is over, or as it is after that time or when the server has to stop.

    With `begun` as soon as its zero is known, which is when it can be broken.
    """
    run = get(request, id)
    if not run.is_over:
        await unless_stopping(request, state(request)["runs"].wait(id, seconds, begun=begun))
    return run
