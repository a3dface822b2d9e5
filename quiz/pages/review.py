"""What is due: overdue first, a portion a day; a backlog spread; an answer taken back."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz import due
from quiz.memory import CORRECTIONS, Correction
from quiz.storage import StorageError
from quiz.views import review, sheet
from quiz.views.rows import rows
from quiz.views.words import day, plural
from quiz.web import HttpError, form, learner, render, state, wants_fragment

router = APIRouter()

NOT_STORED = "Nothing was changed. Go back and send it again."
NOTICES = {
    "spread": "Your backlog is spread over the next days.",
    "undone": "Your last answer is taken back, as if you had never sent it.",
}
SHOWN = 50


@router.get("/review")
async def show(request: Request) -> HTMLResponse:
    found = _queue(request)
    return render(
        request,
        "review.html",
        queue=found,
        start=found.start,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
        rows=[
            {"href": rows_href, "stem": stem, "topic": topic, "since": since}
            for rows_href, stem, topic, since in _lines(request, found)
        ],
        hidden=max(0, len(found.due) - SHOWN),
        days=-(-len(found.due) // due.DAILY),
        daily=due.DAILY,
        next_day=day(found.next_day) if found.next_day else "",
        last=_last(request),
    )


@router.post("/review/spread")
async def spread(request: Request) -> Response:
    now = datetime.now(UTC)
    waiting = [one for _, _, one in _queue(request).due]
    moved = due.spread(waiting, now)
    await _stored(state(request)["storage"].remember(learner(request), moved))
    return RedirectResponse("/review?done=spread", 303)


@router.post("/attempts/{id}/correction")
async def correct(request: Request, id: str) -> Response:
    own = _own(request, id)
    said = (await form(request)).get("said")
    if not isinstance(said, str) or said not in CORRECTIONS:
        detail = f"said: must be one of {', '.join(CORRECTIONS)}."
        raise HttpError(422, "This says nothing of the days", detail, "Use one of the buttons.")
    await _stored(state(request)["storage"].correct(id, _correction(said)))
    again = sheet.own(request, id) or own
    if wants_fragment(request):
        return render(request, "attempt.html", block="back", back=again.back)
    return RedirectResponse(f"/attempts/{id}#back", 303)


@router.post("/attempts/{id}/undo")
async def undo(request: Request, id: str) -> Response:
    kept = _own(request, id).attempt
    if not await _stored(state(request)["storage"].undo(learner(request), id)):
        detail = "You have answered something else since; only your last answer can be taken back."
        actions = (("To that answer", f"/attempts/{id}"), ("Your progress", "/progress"))
        raise HttpError(409, "This is not your last answer", detail, "", actions)
    return RedirectResponse(f"/packs/{kept.pack}/{kept.question}?done=undone", 303)
