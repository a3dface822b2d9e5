"""A run: its page, the same drawn live as server-sent HTML, and the button that stops it."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.runs.errors import Unbreakable
from quiz.runs.run import Run
from quiz.web.components.questions import answered_question
from quiz.web.components.questions.answered_question import Sheet
from quiz.web.components.runs import prediction_input, run_start
from quiz.web.components.runs.run_panel import Lab, part
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment
from quiz.web.core.sse import event_stream, message

router = APIRouter()

HELD_SECONDS = 10.0


@router.get("/runs/{id}")
async def show(request: Request, id: str) -> HTMLResponse:
    run = run_start.get(request, id)
    # Without script nothing draws itself: so the page comes when there is something to see, or to
    # break; "look again" waits for the end.
    if not wants_fragment(request):
        early = bool(run.breaks) and "look" not in request.query_params
        run = await run_start.held(request, id, HELD_SECONDS, begun=early)
    return render(request, "run.html", block="lab", lab=_lab(request, run, None))


@router.get("/runs/{id}/live")
async def live(request: Request, id: str) -> Response:
    run = run_start.get(request, id)
    own = answered_question.own(request, request.query_params.get("attempt", ""))
    # An attempt that shows another run by now has options that this one says nothing of.
    shown = own if own and own.attempt.run == run.id else None
    prediction_input.of_address(request)  # before the stream begins: nonsense is refused
    return event_stream(request, _messages(request, run, shown))


@router.post("/runs/{id}/break")
async def break_(request: Request, id: str) -> Response:
    run = _own(request, id, "break")
    sent = await form(request)
    if run.is_over and wants_fragment(request):
        return Response(status_code=204)  # it was pressed too late, and the stream has told the end
    back = (("Look at it", f"/runs/{id}"),)
    try:
        state(request)["runs"].break_(id, str(sent.get("what", "")))
    except Unbreakable as error:
        raise HttpError(409, "This cannot be broken", str(error), "", back) from error
    if wants_fragment(request):
        # What comes of it is told by the stream.
        return Response(status_code=204)
    own = answered_question.own(request, str(sent.get("attempt", "")))
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else f"/runs/{id}?look=again", 303)


@router.post("/runs/{id}/cancel")
async def cancel(request: Request, id: str) -> Response:
    run = _own(request, id, "cancel")
    sent = await form(request)
    await state(request)["runs"].cancel(id)
    own = answered_question.own(request, str(sent.get("attempt", "")))
    if wants_fragment(request):
        return render(request, "run.html", block="lab", lab=_lab(request, run, own))
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else f"/runs/{id}", 303)


def _own(request: Request, id: str, verb: str) -> Run:
    """Raises HttpError 403 for a run that someone else started."""
    run = run_start.get(request, id)
    if not run.may_be_stopped_by(learner(request)):
        detail = "This run was started by someone else."
        raise HttpError(403, f"Not yours to {verb}", detail, "", (("Look at it", f"/runs/{id}"),))
    return run


def _lab(request: Request, run: Run, own: Sheet | None) -> Lab:
    if own and own.lab and own.attempt.run == run.id:
        return own.lab
    choice, predicted = run_start.choice_of(request, run), prediction_input.of_address(request)
    return Lab(request=request, choice=choice, run=run, predicted=predicted)


async def _messages(request: Request, run: Run, own: Sheet | None) -> AsyncIterator[str]:
    """The whole lab each time something was added, and at the end what stands around it."""
    async for now in state(request)["runs"].watch(run.id):
        # What these hold is made once; the run has moved on since, and may while this is sent.
        over = now.is_over
        fresh = own and Sheet(request, own.card, own.attempt)
        lab = _lab(request, now, fresh)
        html = part(request, "_live.html", lab=lab) + part(request, "_said.html", lab=lab)
        if over:
            html += part(request, "_last.html", lab=lab, sheet=fresh)
        yield message(html, id=str(now.revision))
        if over:
            yield message("", event="done")
