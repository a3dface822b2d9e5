"""An item of a mock interview: a question or a card without feedback, answered until the end."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning.attempt import CONFIDENCES
from quiz.questions.base import AnswerError
from quiz.storage.mock_interviews import Fields, MockAnswer, MockInterview
from quiz.web.core.rendering import render
from quiz.web.core.request import form, state
from quiz.web.features.interviews.mock import SAID, Asked, clock, ended, fields, href, own, placed

router = APIRouter(prefix="/interview")

BECAUSE_LENGTH = 2000
# Names and texts of an answer's controls together.
FORM_LENGTH = 8000
# Names in an item's form that are not its question's.
OWN_NAMES = ("because", "confidence", "go", "extend")


@router.get("/{id}/{place:int}")
async def item(request: Request, id: str, place: int) -> Response:
    interview, asked = own(request, id)
    one = placed(interview, asked, place)
    if interview.ended:
        return RedirectResponse(href(interview), 303)
    return _form(request, interview, asked, one)


@router.post("/{id}/{place:int}")
async def answer(request: Request, id: str, place: int) -> Response:
    """An answer, and on to the next; or on to where one wants, and what is in the form is kept."""
    interview, asked = own(request, id)
    one, sent = placed(interview, asked, place), await form(request)
    if interview.ended:
        raise ended(interview)
    if "extend" in sent:
        await _extend(request, interview, sent)
        interview, asked = own(request, id)
        return _form(request, interview, asked, one, sent=sent)
    draft = "go" in sent
    try:
        new = _answer(one, sent, draft)
    except AnswerError as error:
        return _form(request, interview, asked, one, sent=sent, error=str(error))
    if not await state(request)["storage"].interviews.answer(interview, new):
        raise ended(interview)
    return RedirectResponse(_onward(interview, place, sent), 303)


def _onward(interview: MockInterview, place: int, sent: FormData) -> str:
    wanted = str(sent.get("go", place + 1))
    places = range(1, len(interview.items) + 1)
    known = wanted.isascii() and wanted.isdigit() and len(wanted) < 4 and int(wanted) in places
    return href(interview, wanted if known else "finish")


def _answer(one: Asked, sent: FormData, draft: bool) -> MockAnswer:
    """Raises AnswerError, but of a draft only if it is too long."""
    because = str(sent.get("because", "")).replace("\r\n", "\n").strip()
    if len(because) > BECAUSE_LENGTH:
        raise AnswerError(f"“Because…” has room for {BECAUSE_LENGTH} characters. Shorten it.")
    confidence, before = sent.get("confidence"), one.answer
    if one.aloud:
        form = before.form if draft and before else () if draft else SAID
    else:
        form = fields(sent, *OWN_NAMES)
    if sum(len(name) + len(text) for name, text in form) > FORM_LENGTH:
        raise AnswerError(f"An answer has room for {FORM_LENGTH} characters. Shorten it.")
    if one.card and not draft:
        one.card.question.parse(sent)
    if draft and before:
        confidence = before.confidence
    known = confidence if isinstance(confidence, str) and confidence in CONFIDENCES else None
    at = datetime.now(UTC)
    if before and (before.form, before.confidence) == (form, known):
        # Looked at again, it is no later answer.
        at = before.at
    return MockAnswer(place=one.place, form=form, because=because, confidence=known, at=at)


async def _extend(request: Request, interview: MockInterview, sent: FormData) -> None:
    """The button names what it extends, so that pressing it twice extends once."""
    if str(sent.get("extend")) == str(interview.extended):
        await state(request)["storage"].interviews.extend(interview, datetime.now(UTC))


def _before(one: Asked) -> Fields:
    return (*one.answer.form, ("because", one.answer.because)) if one.answer else ()


def _form(
    request: Request,
    interview: MockInterview,
    asked: list[Asked],
    one: Asked,
    *,
    sent: FormData | None = None,
    error: str = "",
) -> HTMLResponse:
    shown = fields(sent) if sent is not None else _before(one)
    return render(
        request,
        "mock_item.html",
        status=422 if error else 200,
        interview=interview,
        asked=asked,
        one=one,
        card=one.card,
        question=one.card.question if one.card else None,
        view=one.card.question.view(None, interview.learner) if one.card else None,
        sent=FormData(list(shown)),
        error=error,
        because_length=BECAUSE_LENGTH,
        confidences=CONFIDENCES,
        clock=clock(interview, datetime.now(UTC)),
    )
