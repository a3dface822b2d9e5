"""Runs of one demo side by side: their page, and the form that starts them."""

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.demos.model import ParameterError
from quiz.runs.run import Run
from quiz.web.components import lookup
from quiz.web.components.runs import run_start
from quiz.web.components.runs.run_comparison import chosen
from quiz.web.components.runs.run_panel import run_panel
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.runs.comparison import MOST, Comparison, address

router = FeatureRouter(RouteRules(section="Demos"))

HELD_SECONDS = 10.0


@router.get("/side-by-side/{ids}")
async def show(request: Request, ids: str) -> HTMLResponse:
    named = dict.fromkeys(ids.split(","))
    runs = [await run_start.load_run(state(request), id) for id in named]
    if len(runs) > MOST or len({run.demo for run in runs}) > 1:
        detail = f"On one axis are shown up to {MOST} runs, all of one demo."
        raise HttpError(422, "These do not go together", detail, "", (("All demos", "/demos"),))
    # A browser without JavaScript has to wait for a picture.
    if not wants_fragment(request):
        for run in runs:
            await run_start.wait_for(request, run, HELD_SECONDS / len(runs))
    sides = _comparison(request, runs)
    return render(request, "side_by_side.html", block="sides", sides=sides)


def _comparison(request: Request, runs: list[Run]) -> Comparison:
    services, who = state(request), viewer(request)
    catalog = services["shelf"].catalog
    panels = [run_panel(services, who, run_start.choice_of(catalog, run), run) for run in runs]
    return Comparison(panels, who.span or "")


@router.post("/demos/{demo}/side-by-side")
async def start(request: Request, demo: str) -> Response:
    found = lookup.demo(state(request)["shelf"].catalog, demo)
    sent = {name: value for name, value in (await form(request)).items() if isinstance(value, str)}
    back = (("The demo", f"/demos/{demo}"),)
    try:
        choices = chosen(found, sent)
    except ParameterError as error:
        raise HttpError(422, "This could not be read", f"{error}.", "", back) from error
    if not choices:
        detail = "This demo names no variants for it."
        raise HttpError(404, "Nothing to compare", detail, "Choose two on its page.", back)
    # A learner has one run per slot: each side needs its own.
    runs = [
        await run_start.start(request, choice, f"side {place}")
        for place, choice in enumerate(choices)
    ]
    if not all(run_start.is_run_of(run, choice) for run, choice in zip(runs, choices, strict=True)):
        detail = "Others that you see side by side are not over yet."
        raise HttpError(409, "Two at a time", detail, "", (("Look at them", address(runs)), *back))
    return RedirectResponse(address(runs), 303)
