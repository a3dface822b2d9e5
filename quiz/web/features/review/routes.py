"""What is due: overdue first, a portion a day. A backlog is spread; the last answer taken back."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.learning import review_queue
from quiz.learning.spaced_repetition import CORRECTIONS
from quiz.web.components.questions import answered_question, review_state
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment

router = APIRouter()

NOTICES = {
    "spread": "What was overdue is spread over the next days.",
    "undone": "Your last answer is taken back, as if it had never been sent.",
}
SHOWN = 50


@router.get("/review")
async def show(request: Request) -> HTMLResponse:
    everything = "all" in request.query_params
    found = review_state.of(request, everything=everything)
    return render(
        request,
        "review.html",
        queue=found,
        everything=everything,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
        rows=review_state.rows(request, found.today[:SHOWN]),
        hidden=max(0, len(found.today) - SHOWN),
        daily=review_queue.DAILY,
        next_day=day(found.next_day) if found.next_day else "",
        last=review_state.last(request),
    )


@router.post("/review/spread")
async def spread(request: Request) -> Response:
    waiting = [one for _, _, one in review_state.of(request).due]
    storage, who = state(request)["storage"], learner(request)
    moved = review_queue.spread(
        waiting, storage.standings(who), datetime.now(UTC), review_queue.DAILY
    )
    await storage.remember(who, moved)
    return RedirectResponse("/review?done=spread" if moved else "/review", 303)


@router.post("/attempts/{id}/correction")
async def correct(request: Request, id: str) -> Response:
    _own(request, id)
    given = (await form(request)).get("said")
    said = next((known for known in CORRECTIONS if known == given), None)
    if said is None:
        detail = f"said: must be one of {', '.join(CORRECTIONS)}."
        raise HttpError(422, "This says nothing of the days", detail, "Use one of the buttons.")
    await state(request)["storage"].correct(id, said)
    if wants_fragment(request):
        return render(request, "attempt.html", block="back", back=_own(request, id).back)
    return RedirectResponse(f"/attempts/{id}#back", 303)


@router.post("/attempts/{id}/undo")
async def undo(request: Request, id: str) -> Response:
    kept = _own(request, id).attempt
    if not await state(request)["storage"].undo(learner(request), id):
        detail = "You have answered something else since, and only the last answer is taken back."
        actions = (("To this answer", f"/attempts/{id}"), ("Your progress", "/progress"))
        raise HttpError(409, "This is not your last answer", detail, "", actions)
    if review_state.asks(request):
        return RedirectResponse("/review?done=undone", 303)
    return RedirectResponse(f"/packs/{kept.pack}/{kept.question}", 303)


def _own(request: Request, id: str) -> answered_question.Sheet:
    if found := answered_question.own(request, id):
        return found
    mend = "Find your answers under Progress."
    actions = (("Your progress", "/progress"), ("Start", "/"))
    raise HttpError(404, "No such answer", f"You have no answer {id} here.", mend, actions)
