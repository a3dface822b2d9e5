"""An attempt: what was answered, what is right and why, and the run. For its learner only."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from quiz.attempt import Attempt
from quiz.content import Catalog
from quiz.views import find, starting
from quiz.views.card import Card, card
from quiz.views.sheet import Sheet
from quiz.views.words import day
from quiz.web import HttpError, learner, render, state

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
        await starting.held(request, sheet.run.id, HELD_SECONDS)
    return render(request, "attempt.html", block="card", **sheet.context())


def _card(catalog: Catalog, kept: Attempt) -> Card:
    """Raises HttpError where its pack or its question is gone, which takes no answer with it."""
    try:
        pack = find.pack(catalog, kept.pack)
        return card(catalog, pack, find.question(pack, kept.question)).drawn(kept.drawn)
    except HttpError as error:
        run = (("Its run", f"/runs/{kept.run}"),) if kept.run else ()
        said = f"You answered it on {day(kept.at)}; that answer is kept."
        actions = (*error.actions, ("Your progress", "/progress"), *run)
        raise replace(error, mend=f"{said} {error.mend}".strip(), actions=actions) from error


def _unknown(id: str) -> HttpError:
    mend = "Find your answers under Progress, or answer the question again."
    actions = (("Your progress", "/progress"), ("Start", "/"))
    return HttpError(404, "No such answer", f"There is no attempt {id} here.", mend, actions)
