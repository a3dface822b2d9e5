"""An attempt: what was answered, what is right and why, and the run. For its learner only."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from quiz.views import find, starting
from quiz.views.card import card
from quiz.views.sheet import Sheet
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
    catalog = state(request)["shelf"].catalog
    pack = find.pack(catalog, kept.pack)
    sheet = Sheet(request, card(catalog, pack, find.question(pack, kept.question)), kept)
    # The page never waits for its run, but for who asks for just that.
    if sheet.run and "look" in request.query_params:
        await starting.held(request, sheet.run.id, HELD_SECONDS)
    return render(request, "attempt.html", block="card", **sheet.context())


def _unknown(id: str) -> HttpError:
    mend = "Find your answers under Progress, or answer the question again."
    actions = (("Your progress", "/progress"), ("Start", "/"))
    return HttpError(404, "No such answer", f"There is no attempt {id} here.", mend, actions)
