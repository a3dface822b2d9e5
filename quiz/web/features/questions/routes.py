"""A question: its form, the answer to it, its hint, and "just show me"."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning.attempt import Attempt, new_id
from quiz.questions.answers import AnswerError
from quiz.web.components import lookup
from quiz.web.components.questions import answered_question, attempt_run
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.questions.question_form import QuestionForm, is_hinted
from quiz.web.components.questions.review_state import in_review, load_variant, suffix
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.rendering import render
from quiz.web.core.request import State, form, learner, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.questions.sent_form import confidence, texts, token, variant_of

router = FeatureRouter(RouteRules(section="Learn"))

# Share of the score that an answer with a hint keeps.
HINTED = 0.5


async def show(request: Request) -> HTMLResponse:
    page = await _load_form(request, _card(request))
    asked = page.card
    if asked.question.variants and page.in_review:
        standing = page.standings.get(asked.question.id)
        page = replace(page, card=await load_variant(state(request), asked, standing))
    return _render(request, page)


async def answer(request: Request) -> Response:
    sent = await form(request)
    asked = variant_of(_card(request), sent)
    try:
        given = asked.question.parse(sent)
    except AnswerError as error:
        page = await _load_form(request, asked)
        return _render(request, replace(page, error=str(error), sent=texts(sent)), status=422)
    score = asked.question.grade(given).score
    hinted = is_hinted(asked, sent)
    new = _attempt(
        request,
        asked,
        sent,
        answer=given,
        score=score * HINTED if hinted else score,
        confidence=confidence(sent),
        hinted=hinted,
    )
    return await _store(request, asked, new)


async def hint(request: Request) -> HTMLResponse:
    """The form again with its hint and with the fields as sent. Stores nothing."""
    sent = texts(await form(request))
    page = await _load_form(request, variant_of(_card(request), sent))
    hinted = FormData([*sent.multi_items(), ("hinted", "1")])
    return _render(request, replace(page, sent=hinted))


async def reveal(request: Request) -> Response:
    sent = await form(request)
    asked = variant_of(_card(request), sent)
    new = _attempt(request, asked, sent, answer=None, score=None, revealed=True)
    return await _store(request, asked, new)


# The most frequent requests use plain routes: FastAPI's own cost as much as rendering the page.
router.add_route("/packs/{pack}/{question}", show, methods=["GET"])
router.add_route("/packs/{pack}/{question}/attempts", answer, methods=["POST"])
router.add_route("/packs/{pack}/{question}/hint", hint, methods=["POST"])
router.add_route("/packs/{pack}/{question}/reveal", reveal, methods=["POST"])


def _card(request: Request) -> Card:
    """Raises HttpError 404 if the address names no pack or no question."""
    catalog = state(request)["shelf"].catalog
    pack = lookup.pack(catalog, request.path_params["pack"])
    return card(catalog, pack, lookup.question(pack, request.path_params["question"]))


async def _load_form(request: Request, asked: Card) -> QuestionForm:
    who, storage = learner(request), state(request)["storage"]
    standings = await storage.standings.of_pack(who, asked.pack.slug, asked.siblings)
    return QuestionForm(card=asked, learner=who, standings=standings, in_review=in_review(request))


def _render(request: Request, page: QuestionForm, *, status: int = 200) -> HTMLResponse:
    return render(request, "question.html", block="card", status=status, **page.context())


def _attempt(request: Request, asked: Card, sent: FormData, **given: Any) -> Attempt:
    """A new attempt as of now."""
    return Attempt(
        id=new_id(),
        learner=learner(request),
        token=token(sent),
        pack=asked.pack.slug,
        question=asked.question.id,
        kind=asked.question.kind,
        at=datetime.now(UTC),
        drawn=asked.values,
        **given,
    )


async def _store(request: Request, asked: Card, new: Attempt) -> Response:
    """Store the attempt, then start its run. A form sent twice gets its first answer again."""
    services = state(request)
    kept = await services["storage"].attempts.submit(new)
    if kept.id == new.id:
        kept = await attempt_run.start(request, asked, kept)
    href = f"/attempts/{kept.id}{suffix(in_review(request))}"
    if not wants_fragment(request):
        return RedirectResponse(href, 303)
    page = await answered_question.load(
        services,
        viewer(request),
        asked if kept.id == new.id else _card_of(services, kept),
        kept,
        in_review=in_review(request),
    )
    response = render(request, "attempt.html", block="card", **page.context())
    response.headers["HX-Push-Url"] = href
    return response


def _card_of(services: State, kept: Attempt) -> Card:
    """The question of an earlier attempt: a token may be sent to another question's address."""
    catalog = services["shelf"].catalog
    pack = lookup.pack(catalog, kept.pack)
    return card(catalog, pack, lookup.question(pack, kept.question)).drawn(kept.drawn)
