"""The recovery link: it holds the cookie's secret, so a learner without the cookie gets it back.

The server stores nothing for this. Any visitor with the link is that learner, and the pages say
so. A GET changes nothing, because a browser may prefetch the link.
"""

import re

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.storage.storage import Storage
from quiz.web.core.http_error import HttpError
from quiz.web.core.learner_cookie import Cookie
from quiz.web.core.rendering import render
from quiz.web.core.request import go_on_as, has_cookie, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Progress", has_secret=True))

SECRET = re.compile(r"[\w-]{43}", re.ASCII)


@router.post("/progress/link")
async def make_link(request: Request) -> HTMLResponse:
    if not has_cookie(request):
        raise HttpError(
            409, "You have no answers yet", "", "Answer a question first.", (("Start", "/"),)
        )
    secret = request.scope["state"]["cookie"].secret
    return _page(request, link=str(request.url_for("ask_to_recover", secret=secret)))


@router.get("/recover/{secret}", name="ask_to_recover")
async def ask_to_recover(request: Request, secret: str) -> HTMLResponse:
    found = await load_cookie(state(request)["storage"], secret)
    return _page(request, secret=secret, here=found.learner == learner(request))


@router.post("/recover/{secret}")
async def recover(request: Request, secret: str) -> Response:
    go_on_as(request, await load_cookie(state(request)["storage"], secret))
    return RedirectResponse("/progress", 303)


async def load_cookie(storage: Storage, secret: str) -> Cookie:
    """The cookie of a learner whom the database knows. Raises HttpError 404."""
    if SECRET.fullmatch(secret):
        found = Cookie(secret)
        known = await storage.learners.knows(found.learner)
        if known:
            return found
    detail = "No answers are kept under this link; they may have been erased."
    raise HttpError(404, "This link finds no answers", detail, "", (("Start", "/"),))


def _page(
    request: Request, *, link: str = "", secret: str = "", here: bool = False
) -> HTMLResponse:
    response = render(request, "recovery.html", link=link, secret=secret, here=here)
    response.headers["Cache-Control"] = "private, no-store"
    return response
