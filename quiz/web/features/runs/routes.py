"""A run: its page, its stream of HTML, and the buttons that end or break it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.runs.errors import Unbreakable
from quiz.runs.run import Run
from quiz.web.components.questions import answered_question
from quiz.web.components.questions.answer_result import AnswerResult
from quiz.web.components.questions.own_attempt import OwnAttempt, load_own
from quiz.web.components.runs import prediction_input, run_start
from quiz.web.components.runs.run_panel import RunPanel, run_panel
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import partial, render
from quiz.web.core.request import form, learner, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.sse import event_stream, message

router = FeatureRouter(RouteRules(section="Demos"))

HELD_SECONDS = 10.0


@router.get("/runs/{id}")
async def show(request: Request, id: str) -> HTMLResponse:
    run = await run_start.load_run(state(request), id)
    # A browser without JavaScript has to wait for a picture, or for the moment to break the run.
    # "Look again" waits for the end.
    if not wants_fragment(request):
        early = bool(run.breaks) and "look" not in request.query_params
        await run_start.wait_for(request, run, HELD_SECONDS, begun=early)
    return render(request, "run.html", block="panel", panel=_panel(request, run))


@router.get("/runs/{id}/live")
async def live(request: Request, id: str) -> Response:
    run = await run_start.load_run(state(request), id)
    own = await load_own(state(request), learner(request), request.query_params.get("attempt", ""))
    # The options of an attempt that shows another run by now say nothing about this run.
    shown = own if own and own.attempt.run == run.id else None
    panel = await _load_panel(request, run, shown)
    return event_stream(request, _messages(request, run, panel, shown))


@router.post("/runs/{id}/break")
async def break_(request: Request, id: str) -> Response:
    run = await _load_stoppable(request, id, "break")
    sent = await form(request)
    if run.is_over and wants_fragment(request):
        # The button was pressed too late. The stream has told the end.
        return Response(status_code=204)
    try:
        await state(request)["runs"].break_(id, str(sent.get("what", "")))
    except Unbreakable as error:
        back = (("Look at it", f"/runs/{id}"),)
        raise HttpError(409, "This cannot be broken", str(error), "", back) from error
    if wants_fragment(request):
        # The stream tells what follows.
        return Response(status_code=204)
    own = await load_own(state(request), learner(request), str(sent.get("attempt", "")))
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else f"/runs/{id}?look=again", 303)


@router.post("/runs/{id}/cancel")
async def cancel(request: Request, id: str) -> Response:
    run = await _load_stoppable(request, id, "cancel")
    sent = await form(request)
    await state(request)["runs"].cancel(id)
    own = await load_own(state(request), learner(request), str(sent.get("attempt", "")))
    if wants_fragment(request):
        panel = await _load_panel(request, run, own)
        return render(request, "run.html", block="panel", panel=panel)
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else f"/runs/{id}", 303)


async def _load_stoppable(request: Request, id: str, verb: str) -> Run:
    """Raises HttpError 403 for a run that someone else started."""
    run = await run_start.load_run(state(request), id)
    if not run.may_be_stopped_by(learner(request)):
        detail = "This run was started by someone else."
        raise HttpError(403, f"Not yours to {verb}", detail, "", (("Look at it", f"/runs/{id}"),))
    return run


async def _load_panel(request: Request, run: Run, own: OwnAttempt | None) -> RunPanel:
    """The panel of the caller's attempt if that shows this run, else the run's own."""
    if own and own.attempt.run == run.id:
        result = await answered_question.load_result(state(request), own.card, own.attempt)
        if panel := answered_question.panel(state(request), viewer(request), result):
            return panel
    return _panel(request, run)


def _panel(request: Request, run: Run) -> RunPanel:
    """Raises HttpError 422 if the address holds an invalid prediction."""
    predicted = prediction_input.read(request.query_params.get("predicted"))
    choice = run_start.choice_of(state(request)["shelf"].catalog, run)
    return replace(run_panel(state(request), viewer(request), choice, run), predicted=predicted)


async def _messages(
    request: Request, run: Run, panel: RunPanel, own: OwnAttempt | None
) -> AsyncIterator[str]:
    """The live part of the panel whenever the run has news; at the end, what is around it."""
    async for now in state(request)["runs"].watch(run.id):
        # The run may go on while a message is rendered and sent.
        over = now.is_over
        shown: dict[str, Any] = {"panel": panel.at(now, datetime.now(UTC))}
        html = partial(request, "_run_live.html", **shown)
        html += partial(request, "_run_announcement.html", **shown)
        if over:
            result = await _load_result(request, own)
            html += partial(request, "_run_end.html", result=result, **shown)
        yield message(html, id=str(now.revision))
        if over:
            yield message("", event="done")


async def _load_result(request: Request, own: OwnAttempt | None) -> AnswerResult | None:
    if own is None:
        return None
    return await answered_question.load_result(state(request), own.card, own.attempt)
