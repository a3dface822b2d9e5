"""All demos; one of them, prefilled from its address; and the form that runs it."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.demos.model import Demo, ParameterError
from quiz.questions.answers import AnswerError
from quiz.questions.prediction import Prediction
from quiz.runs.run import Run
from quiz.web.components import lookup
from quiz.web.components.questions import answered_question, attempt_run
from quiz.web.components.questions.own_attempt import OwnAttempt, load_own
from quiz.web.components.runs import run_start
from quiz.web.components.runs.parameter_form import ParameterForm
from quiz.web.components.runs.requirements import Requirements, requirements
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_panel import RunPanel, run_panel
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, NavigationLink, RouteRules
from quiz.web.features.demos import listing, page
from quiz.web.features.demos.input import chosen, predicted, valid_part

router = FeatureRouter(RouteRules(section="Demos"), NavigationLink("Demos", "/demos", order=3))


@router.get("/demos")
async def index(request: Request) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    topics = listing.topics(catalog, lambda demo: _required(request, demo))
    return render(request, "demos.html", topics=topics, problems=catalog.problems)


@router.get("/demos/{demo}")
async def show(request: Request, demo: str) -> HTMLResponse:
    found = lookup.demo(state(request)["shelf"].catalog, demo)
    choice, notes = valid_part(found, request.query_params)
    required = _required(request, found)
    shown = ParameterForm(choice, required, variants_linked=True, main=True)
    return await _page(request, shown, notes)


@router.post("/demos/{demo}/runs")
async def run(request: Request, demo: str) -> Response:
    found = lookup.demo(state(request)["shelf"].catalog, demo)
    given = {name: value for name, value in (await form(request)).items() if isinstance(value, str)}
    try:
        choice = chosen(found, given)
        prediction = predicted(choice, given)
    except (ParameterError, AnswerError) as error:
        return await _refused(request, found, given, error)
    started = await run_start.start(request, choice)
    own = await _link(request, given.get("attempt", ""), choice, started)
    panel = await _load_panel(request, started, choice, own, prediction)
    if wants_fragment(request):
        return render(request, "run.html", block="panel", panel=panel)
    if not run_start.is_run_of(started, choice):
        # Another run of the learner still goes on. The demo's page keeps the choice.
        return RedirectResponse(choice.href, 303)
    href = f"/attempts/{own.attempt.id}" if own else panel.links.after_start
    return RedirectResponse(href, 303)


async def _refused(
    request: Request, demo: Demo, given: Mapping[str, str], error: ParameterError | AnswerError
) -> HTMLResponse:
    choice, _ = valid_part(demo, given)
    linked = "variants" not in given
    required = _required(request, demo)
    shown = ParameterForm(choice, required, given, error, variants_linked=linked, main=linked)
    return await _page(request, shown, [], status=422)


async def _page(
    request: Request, shown: ParameterForm, notes: list[str], *, status: int = 200
) -> HTMLResponse:
    base_url = str(request.base_url)
    loaded = await page.load(state(request), learner(request), base_url, shown, notes)
    return render(request, "demo.html", block="form", status=status, **loaded.context())


def _required(request: Request, demo: Demo) -> Requirements:
    return requirements(state(request)["runs"], demo)


async def _link(request: Request, attempt: str, choice: Choice, run: Run) -> OwnAttempt | None:
    """The caller's attempt, now with this run, if its question asks for this choice."""
    own = await load_own(state(request), learner(request), attempt)
    if own is None or own.card.choice is None or not own.card.choice.same_as(choice):
        return None
    kept = await attempt_run.link(state(request), own.card, own.attempt, run)
    return replace(own, attempt=kept) if kept.run == run.id else None


async def _load_panel(
    request: Request,
    run: Run,
    choice: Choice,
    own: OwnAttempt | None,
    prediction: Prediction | None,
) -> RunPanel:
    """The panel of the attempt if there is one, else the run's own."""
    services, who = state(request), viewer(request)
    if own:
        result = await answered_question.load_result(services, own.card, own.attempt)
        if panel := answered_question.panel(services, who, result):
            return panel
    here = run_start.choice_of(services["shelf"].catalog, run)
    panel = run_panel(services, who, here, run)
    if run_start.is_run_of(run, choice):
        return replace(panel, predicted=prediction)
    return replace(panel, note=run_start.ONE_AT_A_TIME)
