"""A link by which a learner is found again after the cookie is gone. It is the cookie's own secret.

So nothing more is kept, and whoever has the link is that learner: the pages say so. A visit alone
changes nothing, since a browser may fetch what nobody has opened.
"""

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.web.core.http_error import HttpError
from quiz.web.core.learner_cookie import Cookie
from quiz.web.core.rendering import render
from quiz.web.core.request import go_on_as, has_cookie, learner, state

router = APIRouter()

SECRET = re.compile(r"[\w-]{43}", re.ASCII)


@router.post("/progress/link")
async def make(request: Request) -> HTMLResponse:
    if not has_cookie(request):
        raise HttpError(
            409, "You are nobody yet", "", "Answer a question first.", (("Start", "/"),)
        )
    secret = request.scope["state"]["cookie"].secret
    link = str(request.url_for("ask_who", secret=secret))
    return _page(request, link=link)


@router.get("/recover/{secret}", name="ask_who")
async def ask_who(request: Request, secret: str) -> HTMLResponse:
    found = _known(request, secret)
    return _page(request, secret=secret, here=found.learner == learner(request))


@router.post("/recover/{secret}")
async def become(request: Request, secret: str) -> Response:
    go_on_as(request, _known(request, secret))
    return RedirectResponse("/progress", 303)


def _known(request: Request, secret: str) -> Cookie:
    """Of somebody of whom anything is kept. Raises HttpError 404."""
    if SECRET.fullmatch(secret):
        found = Cookie(secret)
        if state(request)["storage"].knows(found.learner):
            return found
    detail = "No answers are kept under this link; they may have been erased."
    raise HttpError(404, "This link leads to nobody", detail, "", (("Start", "/"),))


def _page(
    request: Request, *, link: str = "", secret: str = "", here: bool = False
) -> HTMLResponse:
    response = render(request, "recovery.html", link=link, secret=secret, here=here)
    response.headers["Cache-Control"] = "private, no-store"
    return response
