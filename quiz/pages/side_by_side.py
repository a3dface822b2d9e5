"""Runs of one demo on one axis: its page, and the button that starts one of each variant."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.demo import ParameterError
from quiz.views import find, starting
from quiz.views.choice import choose
from quiz.views.side_by_side import MOST, Sides, address
from quiz.web import HttpError, form, learner, render, state, wants_fragment

router = APIRouter()

HELD_SECONDS = 10.0


@router.get("/side-by-side/{ids}")
async def show(request: Request, ids: str) -> HTMLResponse:
    runs = [starting.get(request, id) for id in dict.fromkeys(ids.split(","))]
    if len(runs) > MOST or len({run.demo for run in runs}) > 1:
        detail = f"On one axis are shown up to {MOST} runs, all of one demo."
        raise HttpError(422, "These do not go together", detail, "", (("All demos", "/demos"),))
    # As a run's own page: it comes when there is something to see.
    if not wants_fragment(request):
        runs = [await starting.held(request, run.id, HELD_SECONDS / len(runs)) for run in runs]
    return render(request, "side_by_side.html", block="sides", sides=Sides(request, runs))


@router.post("/demos/{demo}/side-by-side")
async def start(request: Request, demo: str) -> Response:
    found = find.demo(state(request)["shelf"].catalog, demo)
    if not found.side_by_side:
        actions = (("The demo", f"/demos/{demo}"),)
        raise HttpError(
            404, "Nothing to compare", "This demo names no variants for it.", "", actions
        )
    sent, started = await form(request), []
    for variant in found.side_by_side:
        given = {name: sent[name] for name in found.parameters_of(variant) if name in sent}
        try:
            choice = choose(found, variant, None, given)
        except ParameterError as error:
            raise HttpError(422, "This could not be read", f"{error}.") from error
        # Together they are one press: so each has a place of its own beside the learner's run.
        started.append(await starting.start(request, choice, f"{learner(request)} {variant}"))
    return RedirectResponse(address(started), 303)
