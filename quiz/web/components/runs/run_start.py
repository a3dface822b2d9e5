"""Runs for pages: start one, load one, wait for one; refusals become pages for people."""

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
from quiz.web.core.request import State, guest_address, learner, state
from quiz.web.core.sse import unless_stopping

ONE_AT_A_TIME = "One run at a time: this one of yours still goes on."


async def load_run(services: State, id: str) -> Run:
    """A run, live or kept. Raises HttpError 404, or 410 with a link that runs the same again."""
    try:
        return await services["runs"].get(id)
    except UnknownRun as error:
        mend = "Check the address, or run the demo yourself."
        raise HttpError(404, "No such run", str(error), mend, (("All demos", "/demos"),)) from error
    except Evicted as error:
        again = choice_of_row(services["shelf"].catalog, error.row)
        actions = (("Run it again", again.href),) if again else (("All demos", "/demos"),)
        mend = "Only the newest runs are kept, and those that an answer shows."
        raise HttpError(410, "This run is gone", "It was here once.", mend, actions) from error


def choice_of_row(catalog: Catalog, row: Mapping[str, Any]) -> Choice | None:
    """The choice that a stored run was started with; None if its demo no longer takes it."""
    demo = catalog.demos.get(row["demo"])
    if demo is None:
        return None
    try:
        return choose(demo, row["variant"], row["environment"], row["parameters"])
    except ParameterError:
        return None


def choice_of(catalog: Catalog, run: Run) -> Choice | None:
    """The choice that repeats this run; None if its demo no longer takes it."""
    names = ("demo", "variant", "environment", "parameters")
    return choice_of_row(catalog, {name: getattr(run, name) for name in names})


def is_run_of(run: Run, choice: Choice) -> bool:
    """Whether the run is a run of exactly this choice."""
    return (
        (run.demo, run.variant) == (choice.demo.name, choice.variant.name)
        and run.environment == choice.environment
        and dict(run.parameters) == dict(choice.values)
    )


async def start(request: Request, choice: Choice, slot: str = "") -> Run:
    """Start a run for the caller. Returns the caller's active run in this slot if there is one.

    Raises HttpError 503 if too many runs wait, 409 if this machine lacks something.
    """
    return await _start(request, choice, learner(request), slot)


async def start_for_class(request: Request, choice: Choice, slot: str) -> Run:
    """Start a run that belongs to no learner: the class has one active run per slot.

    Raises HttpError as `start` does.
    """
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


@contextmanager
def refusals(back: str) -> Iterator[None]:
    """Turn refusals of the run service into HttpError. `back` is the address to return to."""
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


async def wait_for(request: Request, run: Run, seconds: float, *, begun: bool = False) -> Run:
    """The run after its end, after `seconds`, or when the server stops, whichever comes first.

    `begun`: also as soon as its zero is known, because then a learner can break it.
    """
    if not run.is_over:
        await unless_stopping(request, state(request)["runs"].wait(run.id, seconds, begun=begun))
    return run
