"""A mock interview chosen and begun, gone on with, given up; and those that there were.

Its items are mock_item.py's, its end is mock_report.py's. The cards to say aloud, which also make
a sheet to print, are interview.py's.
"""

import secrets
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning.attempt import new_id
from quiz.packs.catalog import Catalog
from quiz.questions.base import AnswerError
from quiz.storage.mock_interviews import MockAnswer, MockInterview
from quiz.web.components.wording import day
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state
from quiz.web.features.interviews import mock_choice
from quiz.web.features.interviews.mock import asked, ended, first_open, href, own
from quiz.web.features.interviews.mock_results import Report, report

router = APIRouter(prefix="/interview")

TOKEN_LENGTH = 100
EARLIER = 10


@router.get("")
async def start(request: Request) -> HTMLResponse:
    return _start(request)


@router.post("")
async def begin(request: Request) -> Response:
    catalog, sent = state(request)["shelf"].catalog, await form(request)
    try:
        wish = mock_choice.read(catalog, sent)
    except AnswerError as error:
        return _start(request, str(error), sent)
    token = str(sent.get("token", ""))[:TOKEN_LENGTH] or secrets.token_urlsafe(12)
    items = tuple(mock_choice.select(catalog, wish, token))
    if not items:
        return _start(request, "No question is like that. Choose more topics or levels.", sent)
    new = MockInterview(
        id=new_id(),
        learner=learner(request),
        token=token,
        items=items,
        begun=datetime.now(UTC),
        seconds=wish.seconds * len(items) if wish.seconds else None,
    )
    begun = await state(request)["storage"].interviews.begin(new)
    return RedirectResponse(f"/interview/{begun.id}", 303)


@router.post("/{id}/give-up")
async def give_up(request: Request, id: str) -> Response:
    interview, _ = own(request, id)
    if interview.ended:
        raise ended(interview)
    await state(request)["storage"].interviews.give_up(interview)
    return RedirectResponse("/interview", 303)


def _start(request: Request, error: str = "", sent: FormData | None = None) -> HTMLResponse:
    catalog, interviews = state(request)["shelf"].catalog, state(request)["storage"].interviews
    who = learner(request)
    going = interviews.open(who)
    return render(
        request,
        "mock_interview.html",
        status=422 if error else 200,
        error=error,
        sent=sent,
        token=secrets.token_urlsafe(12),
        packs=[pack for pack in catalog.packs.values() if pack.questions],
        lengths=mock_choice.LENGTHS,
        usual=mock_choice.USUAL_LENGTH,
        levels=mock_choice.LEVELS,
        clocks=mock_choice.CLOCKS,
        going=_going(catalog, going, interviews.answers(going)) if going else None,
        earlier=[
            _reported(report(request, one, asked(catalog, one, interviews.answers(one))))
            for one in interviews.latest(who, EARLIER)
        ],
    )


def _going(catalog: Catalog, interview: MockInterview, answers: list[MockAnswer]) -> dict[str, str]:
    left = first_open(asked(catalog, interview, answers))
    where = f"question {left} of {len(interview.items)}" if left else "its end"
    return {
        "text": f"Go on: {where}",
        "href": href(interview),
        "give_up": f"{href(interview)}/give-up",
        "day": day(interview.begun),
    }


def _reported(report: Report) -> dict[str, str]:
    of = report.interview
    words = f"{report.total.right} right" if report.total.answered else "nothing answered"
    return {"href": href(of), "day": day(of.begun), "words": words}
