"""An attempt: what was answered, what is right and why, and the run. For its learner only."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from quiz.learning.attempt import Attempt
from quiz.packs.catalog import Catalog
from quiz.web.components import lookup
from quiz.web.components.questions.answered_question import Sheet
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.runs import run_start
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state

router = APIRouter()

HELD_SECONDS = 10.0


@router.get("/attempts/{id}")
async def show(request: Request, id: str) -> Response:
    kept = state(request)["storage"].attempt(id)
    if kept is None:
        raise _unknown(id)
    if kept.learner != learner(request):
        return RedirectResponse(f"/packs/{kept.pack}/{kept.question}", 303)
    sheet = Sheet(request, _card(state(request)["shelf"].catalog, kept), kept)
    # The page never waits for its run, but for who asks for just that.
    if sheet.run and "look" in request.query_params:
        await run_start.held(request, sheet.run.id, HELD_SECONDS)
    return render(request, "attempt.html", block="card", **sheet.context())


def _card(catalog: Catalog, kept: Attempt) -> Card:
    """Raises HttpError where its pack or its question is gone, which takes no answer with it."""
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
