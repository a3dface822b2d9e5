"""The review: what is due, a portion per day; the backlog spread; the last answer undone."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.learning import review_queue
from quiz.learning.attempt import Attempt
from quiz.learning.spaced_repetition import CORRECTIONS
from quiz.web.components.questions import review_state
from quiz.web.components.questions.next_review import NextReview, next_review
from quiz.web.components.questions.own_attempt import load_own
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import State, form, learner, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, NavigationLink, RouteRules

router = FeatureRouter(RouteRules(section="Review"), NavigationLink("Review", "/review", order=2))

NOTICES = {
    "spread": "What was overdue is spread over the next days.",
    "undone": "Your last answer is taken back, as if it had never been sent.",
}
SHOWN = 50


@router.get("/review")
async def show(request: Request) -> HTMLResponse:
    services, who = state(request), learner(request)
    everything = "all" in request.query_params
    queue = await review_state.load_queue(services, who, everything=everything)
    return render(
        request,
        "review.html",
        queue=queue,
        everything=everything,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
        rows=await review_state.load_rows(services, queue.today[:SHOWN]),
        hidden=max(0, len(queue.today) - SHOWN),
        daily=review_queue.DAILY,
        next_day=day(queue.next_day) if queue.next_day else "",
        last=await review_state.load_last_answer(services, who),
    )


@router.post("/review/spread")
async def spread(request: Request) -> Response:
    storage, who = state(request)["storage"], learner(request)
    queue = await review_state.load_queue(state(request), who)
    standings = await storage.standings.all(who)
    waiting = [due for _, _, due in queue.due]
    moved = review_queue.spread(waiting, standings, datetime.now(UTC), review_queue.DAILY)
    await storage.standings.remember(who, moved)
    return RedirectResponse("/review?done=spread" if moved else "/review", 303)


@router.post("/attempts/{id}/correction")
async def correct(request: Request, id: str) -> Response:
    services = state(request)
    await _load_own(services, learner(request), id)
    given = (await form(request)).get("said")
    said = next((known for known in CORRECTIONS if known == given), None)
    if said is None:
        detail = f"said: must be one of {', '.join(CORRECTIONS)}."
        raise HttpError(422, "This says nothing of the days", detail, "Use one of the buttons.")
    await services["storage"].attempts.correct(id, said)
    if wants_fragment(request):
        kept = await _load_own(services, learner(request), id)
        corrected = await _load_next_review(services, kept)
        return render(request, "attempt.html", block="next_review", next_review=corrected)
    return RedirectResponse(f"/attempts/{id}#back", 303)


async def _load_next_review(services: State, kept: Attempt) -> NextReview | None:
    standings = await services["storage"].standings.of_pack(
        kept.learner, kept.pack, [kept.question]
    )
    return next_review(standings.get(kept.question), kept, datetime.now(UTC))


@router.post("/attempts/{id}/undo")
async def undo(request: Request, id: str) -> Response:
    services, who = state(request), learner(request)
    kept = await _load_own(services, who, id)
    if not await services["storage"].attempts.undo(who, id):
        detail = "You have answered something else since, and only the last answer is taken back."
        actions = (("To this answer", f"/attempts/{id}"), ("Your progress", "/progress"))
        raise HttpError(409, "This is not your last answer", detail, "", actions)
    if review_state.in_review(request):
        return RedirectResponse("/review?done=undone", 303)
    return RedirectResponse(f"/packs/{kept.pack}/{kept.question}", 303)


async def _load_own(services: State, learner: str, id: str) -> Attempt:
    """Raises HttpError 404 for an unknown id and for another learner's attempt."""
    if found := await load_own(services, learner, id):
        return found.attempt
    mend = "Find your answers under Progress."
    actions = (("Your progress", "/progress"), ("Start", "/"))
    raise HttpError(404, "No such answer", f"You have no answer {id} here.", mend, actions)
