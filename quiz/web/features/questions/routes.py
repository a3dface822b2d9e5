"""A question, always in answerable form; what is sent of it; and "just show me"."""

import secrets
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning.attempt import CONFIDENCES, Attempt, Standing, after_all, new_id
from quiz.questions.base import AnswerError
from quiz.web.components import lookup
from quiz.web.components.questions import answered_question, progress_markers, review_state
from quiz.web.components.questions.answered_question import Sheet
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.wording import day
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import PAGE_HEADERS, render
from quiz.web.core.request import form, learner, state, wants_fragment

router = APIRouter()

TOKEN_LENGTH = 100
# What an answer is worth with a hint.
HINTED = 0.5
# Stands in a drawn form where each showing of it gets a token of its own.
TOKEN = "@@token@@"


async def show(request: Request) -> HTMLResponse:
    asked = _card(request)
    if asked.question.draws and review_state.asks(request):
        pack, id = asked.pack.slug, asked.question.id
        marks = state(request)["storage"].marks(learner(request), pack, [id])
        asked = review_state.drawn(request, asked, marks.get(id))
    return _form(request, asked)


async def answer(request: Request) -> Response:
    sent = await form(request)
    asked = _asked(request, sent)
    try:
        given = asked.question.parse(sent)
    except AnswerError as error:
        return _form(request, asked, str(error), sent=_texts(sent))
    score = asked.question.grade(given).score
    hinted = _is_hinted(asked, sent)
    worth = score * HINTED if hinted else score
    return await _keep(request, asked, sent, answer=given, score=worth, hinted=hinted)


async def hint(request: Request) -> HTMLResponse:
    """The form again with its hint and with what was filled in; nothing is stored yet."""
    sent = _texts(await form(request))
    hinted = FormData([*sent.multi_items(), ("hinted", "1")])
    return _form(request, _asked(request, sent), sent=hinted)


async def reveal(request: Request) -> Response:
    sent = await form(request)
    asked = _asked(request, sent)
    return await _keep(request, asked, sent, answer=None, score=None, revealed=True)


# Asked for most: plain routes, since FastAPI's own cost as much as drawing the page.
router.add_route("/packs/{pack}/{question}", show, methods=["GET"])
router.add_route("/packs/{pack}/{question}/attempts", answer, methods=["POST"])
router.add_route("/packs/{pack}/{question}/hint", hint, methods=["POST"])
router.add_route("/packs/{pack}/{question}/reveal", reveal, methods=["POST"])


def _card(request: Request) -> Card:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, request.path_params["pack"])
    return card(catalog, found, lookup.question(found, request.path_params["question"]))


def _asked(request: Request, sent: FormData) -> Card:
    """With the numbers of the form that was sent."""
    every = _card(request).every
    given = sent.get("draw", "0")
    for place, one in enumerate(every):
        if given == str(place):
            return one
    detail = f"draw: must be one of {', '.join(map(str, range(len(every))))}."
    mend = "Open the question again and answer it with the numbers that it shows."
    actions = (("The question", every[0].href),)
    raise HttpError(422, "The question has no such numbers", detail, mend, actions)


def _form(
    request: Request, asked: Card, error: str = "", sent: FormData | None = None
) -> HTMLResponse:
    """The question as it stands for this learner; with what was sent, and after an error 422."""
    who, question = learner(request), asked.question
    storage, pack = state(request)["storage"], asked.pack.slug
    token = secrets.token_urlsafe(12)
    # Until the learner answers something, nothing on the form changes but its token.
    via = review_state.via(request)
    key = (who, via, wants_fragment(request), storage.marks_version(who, pack))
    if sent is None and (drawn := asked.forms.get(key)):
        return HTMLResponse(drawn.replace(TOKEN, token), headers=PAGE_HEADERS)
    marks = storage.marks(who, pack, asked.siblings)
    context = {
        "view": question.view(None, who),
        "trail": progress_markers.trail(asked.pack, question.topic, marks, question),
        "earlier": _earlier(marks.get(question.id)),
        "via": via,
        "others": bool(asked.draw or (question.draws and via)),
    }
    if sent is not None:
        context |= {"error": error, "sent": sent, "hinted": _is_hinted(asked, sent)}
        return _drawn(request, asked, 422 if error else 200, **context, token=token)
    drawn = str(_drawn(request, asked, **context).body, "utf-8")
    asked.remember(key, drawn)
    return HTMLResponse(drawn.replace(TOKEN, token), headers=PAGE_HEADERS)


def _earlier(standing: Standing | None) -> dict[str, str] | None:
    """When and how it was answered before, and where that is."""
    if standing is None:
        return None
    return {
        "day": day(standing.latest.at),
        "words": progress_markers.said(standing),
        "href": f"/attempts/{standing.latest.attempt}",
    }


def _drawn(request: Request, asked: Card, status: int = 200, **context: Any) -> HTMLResponse:
    fixed = {"card": asked, "question": asked.question}
    blank = {"token": TOKEN, "error": "", "sent": FormData(), "hinted": False}
    return render(request, "question.html", block="card", status=status, **fixed | blank | context)


def _texts(sent: FormData) -> FormData:
    return FormData([pair for pair in sent.multi_items() if isinstance(pair[1], str)])


async def _keep(
    request: Request,
    asked: Card,
    sent: FormData,
    *,
    answer: Any,
    score: float | None,
    revealed: bool = False,
    hinted: bool = False,
) -> Response:
    """Store first, run then. Whoever sends the same form again gets what it gave the first time."""
    newest = state(request)["storage"].attempts(learner(request), 1)
    new = Attempt(
        id=new_id(),
        learner=learner(request),
        token=_token(sent),
        pack=asked.pack.slug,
        question=asked.question.id,
        kind=asked.question.kind,
        answer=answer,
        score=score,
        revealed=revealed,
        at=after_all(newest, datetime.now(UTC)),
        confidence=None if revealed else _confidence(sent),
        hinted=hinted,
        drawn=asked.values,
    )
    kept = await state(request)["storage"].add_attempt(new)
    if kept.id == new.id:
        kept = await answered_question.start(request, asked, kept)
    return _answered(request, kept)


def _confidence(sent: FormData) -> str | None:
    """By which button it was sent; without one nothing was said."""
    return next((name for name in CONFIDENCES if name == sent.get("confidence")), None)


def _is_hinted(asked: Card, sent: FormData) -> bool:
    return asked.question.hint is not None and sent.get("hinted") == "1"


def _token(sent: FormData) -> str:
    """The form's own, so that it counts once; a caller without one gets a fresh one."""
    given = sent.get("token")
    if isinstance(given, str) and 0 < len(given) <= TOKEN_LENGTH:
        return given
    return secrets.token_urlsafe(12)


def _answered(request: Request, kept: Attempt) -> Response:
    href = f"/attempts/{kept.id}{review_state.via(request)}"
    if not wants_fragment(request):
        return RedirectResponse(href, 303)
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, kept.pack)
    asked = card(catalog, found, lookup.question(found, kept.question)).drawn(kept.drawn)
    context = Sheet(request, asked, kept).context()
    response = render(request, "attempt.html", block="card", **context)
    response.headers["HX-Push-Url"] = href
    return response
