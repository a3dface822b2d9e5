"""A question's proof: the shipped one, the one made on this machine, and the button that makes one.

The page shows the right answer, so only the page of an answered question links to it.
"""

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.proofs.judge import required_runs
from quiz.proofs.service import BusyError
from quiz.web.components import lookup
from quiz.web.components.questions.proof_summary import load_local, shipped
from quiz.web.components.questions.question_card import Card, card
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Learn"))

PATH = "/packs/{pack}/{question}/proof"
RETRY_SECONDS = 60


@router.get(PATH)
async def show(request: Request, pack: str, question: str) -> HTMLResponse:
    asked = _card(request, pack, question)
    return render(
        request,
        "proof.html",
        block="proofs",
        card=asked,
        shipped=shipped(state(request)["shelf"].catalog, asked),
        own=await load_local(state(request)["proofs"], asked),
        going=state(request)["proofs"].going(pack, question),
        provable=bool(required_runs(asked.question)),
    )


@router.post(PATH)
async def prove(request: Request, pack: str, question: str) -> Response:
    asked = _card(request, pack, question)
    if not required_runs(asked.question):
        detail = "No run can decide this question: it goes by the documentation."
        raise HttpError(404, "Nothing to prove", detail, "", (("Back", asked.href),))
    href = f"{asked.href}/proof"
    try:
        state(request)["proofs"].start(pack, asked.question)
    except BusyError as error:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        raise HttpError(503, "Not now", str(error), "", (("Back", href),), headers) from error
    return RedirectResponse(href, 303)


def _card(request: Request, pack: str, question: str) -> Card:
    """Raises HttpError 404 if the address names no question."""
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    return card(catalog, found, lookup.question(found, question))
