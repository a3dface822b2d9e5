"""A question, always in answerable form; what is sent of it; and "just show me"."""

import secrets
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.attempt import Attempt
from quiz.question import AnswerError
from quiz.storage import StorageError
from quiz.views import find, sheet, trail
from quiz.views.card import Card, card
from quiz.views.sheet import Sheet
from quiz.views.words import day
from quiz.web import HttpError, form, learner, render, state, wants_fragment

router = APIRouter()

TOKEN_LENGTH = 100


@router.get("/packs/{pack}/{question}")
async def show(request: Request, pack: str, question: str) -> HTMLResponse:
    return _page(request, _card(request, pack, question))


@router.post("/packs/{pack}/{question}/attempts")
async def answer(request: Request, pack: str, question: str) -> Response:
    asked = _card(request, pack, question)
    sent = await form(request)
    try:
        given = asked.question.parse(sent)
    except AnswerError as error:
        return _page(request, asked, status=422, error=str(error), sent=_texts(sent))
    grade = asked.question.grade(given)
    return await _keep(request, asked, sent, answer=given, score=grade.score)


@router.post("/packs/{pack}/{question}/reveal")
async def reveal(request: Request, pack: str, question: str) -> Response:
    asked = _card(request, pack, question)
    sent = await form(request)
    return await _keep(request, asked, sent, answer=None, score=None, revealed=True)


def _card(request: Request, pack: str, question: str) -> Card:
    catalog = state(request)["shelf"].catalog
    found = find.pack(catalog, pack)
    return card(catalog, found, find.question(found, question))


def _page(
    request: Request,
    asked: Card,
    *,
    status: int = 200,
    error: str = "",
    sent: dict[str, str] | None = None,
) -> HTMLResponse:
    who = learner(request)
    marks = state(request)["storage"].marks(who, asked.pack.slug)
    question = asked.question
    return render(
        request,
        "question.html",
        block="card",
        status=status,
        card=asked,
        question=question,
        view=question.view(None, who),
        trail=trail.trail(asked.pack, question.topic, marks, question),
        earlier=_earlier(marks.get(question.id)),
        token=secrets.token_urlsafe(12),
        error=error,
        sent=sent or {},
    )


def _earlier(standing: Any) -> dict[str, str] | None:
    """When and how it was answered before, and where that is."""
    if standing is None:
        return None
    return {
        "day": day(standing.latest.at),
        "words": trail.said(standing),
        "href": f"/attempts/{standing.latest.attempt}",
    }


def _texts(sent: FormData) -> dict[str, str]:
    return {name: value for name, value in sent.multi_items() if isinstance(value, str)}


async def _keep(
    request: Request,
    asked: Card,
    sent: FormData,
    *,
    answer: Any,
    score: float | None,
    revealed: bool = False,
) -> Response:
    """Store first, run then. Whoever sends the same form again gets what it gave the first time."""
    new = Attempt(
        id=secrets.token_hex(10),
        learner=learner(request),
        token=_token(sent),
        pack=asked.pack.slug,
        question=asked.question.id,
        kind=asked.question.kind,
        answer=answer,
        score=score,
        revealed=revealed,
        at=datetime.now(UTC),
    )
    try:
        kept = await state(request)["storage"].add_attempt(new)
    except StorageError as error:
        mend = "Your answer was not stored. Go back and send it again."
        raise HttpError(503, "This could not be stored", str(error), mend) from error
    if kept.id == new.id:
        kept = await sheet.start(request, asked, kept)
    return _answered(request, kept)


def _token(sent: FormData) -> str:
    """The form's own, so that it counts once; a caller without one gets a fresh one."""
    given = sent.get("token")
    if isinstance(given, str) and 0 < len(given) <= TOKEN_LENGTH:
        return given
    return secrets.token_urlsafe(12)


def _answered(request: Request, kept: Attempt) -> Response:
    href = f"/attempts/{kept.id}"
    if not wants_fragment(request):
        return RedirectResponse(href, 303)
    catalog = state(request)["shelf"].catalog
    found = find.pack(catalog, kept.pack)
    asked = card(catalog, found, find.question(found, kept.question))
    context = Sheet(request, asked, kept).context()
    response = render(request, "attempt.html", block="card", **context)
    response.headers["HX-Push-Url"] = href
    return response
