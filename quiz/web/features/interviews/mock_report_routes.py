"""The end of a mock interview: asked for once more, then its report, for good."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from quiz.errors import QuizError
from quiz.storage.rehearsals import MARKS, Rehearsal
from quiz.web.components.questions import attempt_run
from quiz.web.components.runs import run_start
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, state
from quiz.web.features.interviews.mock import clock, first_open, href, judged, own, placed
from quiz.web.features.interviews.mock_results import report

router = APIRouter(prefix="/interview")


@router.get("/{id}")
async def show(request: Request, id: str) -> Response:
    """While it lasts, on to where it was; then its report."""
    interview, asked = own(request, id)
    if interview.ended:
        told = report(request, interview, asked)
        return render(request, "mock_report.html", report=told, day=day(interview.begun))
    return RedirectResponse(href(interview, first_open(asked) or "finish"), 303)


@router.get("/{id}/finish")
async def ask_to_finish(request: Request, id: str) -> Response:
    interview, asked = own(request, id)
    if interview.ended:
        return RedirectResponse(href(interview), 303)
    left = [one for one in asked if one.label == "open"]
    return render(
        request,
        "mock_overview.html",
        interview=interview,
        asked=asked,
        left=left,
        clock=clock(interview, datetime.now(UTC)),
    )


@router.post("/{id}/finish")
async def finish(request: Request, id: str) -> Response:
    """Its answers become attempts. Sent twice, it is done once."""
    interview, _ = own(request, id)
    catalog = state(request)["shelf"].catalog
    await state(request)["storage"].end_interview(
        interview,
        datetime.now(UTC),
        lambda answers: judged(catalog, interview, answers),
    )
    return RedirectResponse(href(interview), 303)


@router.post("/{id}/runs")
async def run_missed(request: Request, id: str) -> Response:
    """The first few of what was missed, each beside its attempt."""
    interview, asked = own(request, id)
    refused: QuizError | None = None
    for row in report(request, interview, asked).to_run:
        card, attempt = row.asked.card, row.attempt
        assert card
        assert card.choice
        assert attempt
        try:
            # Together they are one press: so each has a place of its own beside the learner's run.
            run = await run_start.start(request, card.choice, f"attempt {attempt.id}")
            await attempt_run.link(state(request), card, attempt, run)
        except QuizError as error:
            refused = error
    if refused:
        raise refused
    return RedirectResponse(f"{href(interview)}#revise", 303)


@router.post("/{id}/{place:int}/mark")
async def mark(request: Request, id: str, place: int) -> Response:
    """How one found what one had said aloud, once the model answer stands beside it."""
    interview, asked = own(request, id)
    one = placed(interview, asked, place)
    given = (await form(request)).get("mark")
    actions = (("To the report", href(interview)),)
    if one.aloud is None or interview.ended is None:
        raise HttpError(404, "Nothing to compare", "This is asked at the end.", "", actions)
    for known in MARKS:
        if known == given:
            said = Rehearsal(
                learner=interview.learner,
                pack=one.item.pack,
                topic=one.item.name,
                mark=known,
                at=datetime.now(UTC),
            )
            await state(request)["storage"].rehearse(said)
            return RedirectResponse(f"{href(interview)}#aloud-{place}", 303)
    detail = f"mark: must be one of {', '.join(MARKS)}."
    raise HttpError(422, "This is no mark", detail, "Use one of the buttons.", actions)
