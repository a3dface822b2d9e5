"""An item of a mock interview: a question or an interview card, without feedback until the end."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning.attempt import CONFIDENCES
from quiz.questions.answers import AnswerError
from quiz.storage.mock_interviews import Fields, MockAnswer, MockInterview
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.interviews.mock_item import (
    MockItem,
    OwnInterview,
    clock,
    ended,
    href,
    load_own,
)

router = FeatureRouter(RouteRules(section="Learn"), prefix="/interview")

BECAUSE_LENGTH = 2000
# Bound of an answer's form: the length of all names and values together.
FORM_LENGTH = 8000
# Fields of an item's form that do not belong to its question.
OWN_FIELDS = ("because", "confidence", "go", "extend")
# The stored form of an interview card that the learner has said aloud.
SAID: Fields = (("said", "yes"),)


@router.get("/{id}/{place:int}")
async def show(request: Request, id: str, place: int) -> Response:
    own = await load_own(state(request), learner(request), id)
    item = own.at(place)
    if own.interview.ended:
        return RedirectResponse(href(own.interview), 303)
    return _render(request, own, item, FormData(list(_stored(item))))


@router.post("/{id}/{place:int}")
async def answer(request: Request, id: str, place: int) -> Response:
    """Store the answer and go to the next item. The buttons "go" and "extend" store a draft."""
    own = await load_own(state(request), learner(request), id)
    item, sent = own.at(place), await form(request)
    if own.interview.ended:
        raise ended(own.interview)
    if "extend" in sent:
        await _extend(request, own.interview, sent)
        own = await load_own(state(request), learner(request), id)
        return _render(request, own, item, _texts(sent))
    try:
        new = _answer(item, sent, is_draft="go" in sent)
    except AnswerError as error:
        return _render(request, own, item, _texts(sent), error=str(error))
    if not await state(request)["storage"].interviews.answer(own.interview, new):
        raise ended(own.interview)
    return RedirectResponse(_next_href(own.interview, place, sent), 303)


async def _extend(request: Request, interview: MockInterview, sent: FormData) -> None:
    """The button carries the extension so far, so that two presses on one page extend once."""
    if str(sent.get("extend")) == str(interview.extended):
        await state(request)["storage"].interviews.extend(interview, datetime.now(UTC))


def _next_href(interview: MockInterview, place: int, sent: FormData) -> str:
    wanted = str(sent.get("go", place + 1))
    places = map(str, range(1, len(interview.items) + 1))
    return href(interview, wanted if wanted in places else "finish")


def _answer(item: MockItem, sent: FormData, *, is_draft: bool) -> MockAnswer:
    """The form as an answer. Raises AnswerError; a draft may be incomplete, but not too long."""
    because = str(sent.get("because", "")).replace("\r\n", "\n").strip()
    if len(because) > BECAUSE_LENGTH:
        raise AnswerError(f"“Because…” has room for {BECAUSE_LENGTH} characters. Shorten it.")
    form = _form(item, sent, is_draft=is_draft)
    if sum(len(name) + len(text) for name, text in form) > FORM_LENGTH:
        raise AnswerError(f"An answer has room for {FORM_LENGTH} characters. Shorten it.")
    if item.card and not is_draft:
        item.card.question.parse(sent)
    before, confidence = item.answer, _confidence(item, sent, is_draft=is_draft)
    at = datetime.now(UTC)
    if before and (before.form, before.confidence) == (form, confidence):
        # The learner only looked at the item: the answer keeps its time.
        at = before.at
    return MockAnswer(place=item.place, form=form, because=because, confidence=confidence, at=at)


def _form(item: MockItem, sent: FormData, *, is_draft: bool) -> Fields:
    """The fields to store. A draft leaves open whether an interview card was said."""
    if item.interview_card is None:
        return _fields(sent, *OWN_FIELDS)
    if not is_draft:
        return SAID
    return item.answer.form if item.answer else ()


def _confidence(item: MockItem, sent: FormData, *, is_draft: bool) -> str | None:
    """The confidence of the pressed button. A draft keeps the confidence of the answer before."""
    if is_draft and item.answer:
        return item.answer.confidence
    confidence = sent.get("confidence")
    return confidence if isinstance(confidence, str) and confidence in CONFIDENCES else None


def _fields(sent: FormData, *without: str) -> Fields:
    pairs = sent.multi_items()
    return tuple((n, text) for n, text in pairs if isinstance(text, str) and n not in without)


def _texts(sent: FormData) -> FormData:
    return FormData(list(_fields(sent)))


def _stored(item: MockItem) -> Fields:
    """The stored answer as the fields of its form."""
    return (*item.answer.form, ("because", item.answer.because)) if item.answer else ()


def _render(
    request: Request, own: OwnInterview, item: MockItem, sent: FormData, *, error: str = ""
) -> HTMLResponse:
    """The item's form, filled with `sent`."""
    question = item.card.question if item.card else None
    return render(
        request,
        "mock_item.html",
        status=422 if error else 200,
        interview=own.interview,
        items=own.items,
        item=item,
        card=item.card,
        question=question,
        view=question.view(None, own.interview.learner) if question else None,
        sent=sent,
        error=error,
        because_length=BECAUSE_LENGTH,
        confidences=CONFIDENCES,
        clock=clock(own.interview, datetime.now(UTC)),
    )
