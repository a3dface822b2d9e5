"""An attempt's page: the answer, the right answer with its reasons, the run. For its learner."""

from dataclasses import replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from quiz.learning.attempt import Attempt
from quiz.packs.catalog import Catalog
from quiz.web.components import lookup
from quiz.web.components.questions import answered_question
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.questions.review_state import in_review
from quiz.web.components.runs import run_start
from quiz.web.components.runs.viewer import viewer
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Learn"))

HELD_SECONDS = 10.0


@router.get("/attempts/{id}")
async def show(request: Request, id: str) -> Response:
    services = state(request)
    kept = await services["storage"].attempts.get(id)
    if kept is None:
        raise _unknown(id)
    if kept.learner != learner(request):
        return RedirectResponse(f"/packs/{kept.pack}/{kept.question}", 303)
    asked = _card(services["shelf"].catalog, kept)
    # Only "look again" waits for the run; the page itself never does.
    if "look" in request.query_params:
        run = await answered_question.load_kept_run(services["runs"], kept.run)
        if run:
            await run_start.wait_for(request, run, HELD_SECONDS)
    page = await answered_question.load(
        services, viewer(request), asked, kept, in_review=in_review(request)
    )
    return render(request, "attempt.html", block="card", **page.context())


def _card(catalog: Catalog, kept: Attempt) -> Card:
    """Raises HttpError 404 if the pack or the question is gone; the answer itself is kept."""
    try:
        pack = lookup.pack(catalog, kept.pack)
        return card(catalog, pack, lookup.question(pack, kept.question)).drawn(kept.drawn)
    except HttpError as error:
        run = (("Its run", f"/runs/{kept.run}"),) if kept.run else ()
        said = f"You answered it on {day(kept.at)}; that answer is kept."
        actions = (*error.actions, ("Your progress", "/progress"), *run)
        raise replace(error, mend=f"{said} {error.mend}".strip(), actions=actions) from error


def _unknown(id: str) -> HttpError:
    mend = "Find your answers under Progress, or answer the question again."
    actions = (("Your progress", "/progress"), ("Start", "/"))
    return HttpError(404, "No such answer", f"There is no attempt {id} here.", mend, actions)
