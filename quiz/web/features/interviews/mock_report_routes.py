"""The end of a mock interview: one last confirmation, then its report."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from quiz.errors import QuizError
from quiz.web.components.questions import attempt_run
from quiz.web.components.runs import run_start
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.interviews.mock_item import attempts, clock, href, load_own
from quiz.web.features.interviews.mock_report import load_report
from quiz.web.features.interviews.mock_scores import QuestionRow
from quiz.web.features.interviews.rehearsal import rehearsal

router = FeatureRouter(RouteRules(section="Learn"), prefix="/interview")


@router.get("/{id}")
async def show(request: Request, id: str) -> Response:
    """The report; while the interview is open, a redirect to its first open item."""
    own = await load_own(state(request), learner(request), id)
    if not own.interview.ended:
        part = own.open[0].place if own.open else "finish"
        return RedirectResponse(href(own.interview, part), 303)
    report = await load_report(state(request)["storage"], own)
    return render(request, "mock_report.html", report=report, day=day(own.interview.begun))


@router.get("/{id}/finish")
async def ask_to_finish(request: Request, id: str) -> Response:
    own = await load_own(state(request), learner(request), id)
    if own.interview.ended:
        return RedirectResponse(href(own.interview), 303)
    return render(
        request,
        "mock_overview.html",
        interview=own.interview,
        items=own.items,
        open=own.open,
        clock=clock(own.interview, datetime.now(UTC)),
    )


@router.post("/{id}/finish")
async def finish(request: Request, id: str) -> Response:
    """Turn the answers into attempts, once: a second POST changes nothing."""
    own = await load_own(state(request), learner(request), id)
    catalog = state(request)["shelf"].catalog
    await state(request)["storage"].interviews.end(
        own.interview,
        datetime.now(UTC),
        lambda answers: attempts(catalog, own.interview, answers),
    )
    return RedirectResponse(href(own.interview), 303)


@router.post("/{id}/runs")
async def run_missed(request: Request, id: str) -> Response:
    """Start the runs of the first few missed questions and link each to its attempt."""
    own = await load_own(state(request), learner(request), id)
    report = await load_report(state(request)["storage"], own)
    refused: QuizError | None = None
    for row in report.to_run:
        try:
            await _run(request, row)
        except QuizError as error:
            refused = error
    if refused:
        raise refused
    return RedirectResponse(f"{href(own.interview)}#revise", 303)


async def _run(request: Request, row: QuestionRow) -> None:
    card, attempt = row.item.card, row.attempt
    if card and card.choice and attempt:
        # A slot per attempt: a learner has one run per slot, and one press starts several runs.
        run = await run_start.start(request, card.choice, f"attempt {attempt.id}")
        await attempt_run.link(state(request), card, attempt, run)


@router.post("/{id}/{place:int}/mark")
async def mark(request: Request, id: str, place: int) -> Response:
    """Store how the learner rates a spoken answer, now that they see the model answer."""
    own = await load_own(state(request), learner(request), id)
    item = own.at(place)
    given = (await form(request)).get("mark")
    back = ("To the report", href(own.interview))
    if item.interview_card is None or own.interview.ended is None:
        detail = "This is asked at the end."
        raise HttpError(404, "Nothing to compare", detail, "", (back,))
    new = rehearsal(own.interview.learner, item.item.pack, item.item.name, given, back)
    await state(request)["storage"].rehearsals.put(new)
    return RedirectResponse(f"{href(own.interview)}#aloud-{place}", 303)
