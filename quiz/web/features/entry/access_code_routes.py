"""The form that asks for the access code, if the server was started with one."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from quiz.web.core.access_code import FORM, AccessCode
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.teacher import inside

router = FeatureRouter(RouteRules(needs_access_code=False))


@router.get(FORM)
async def ask_for_code(request: Request, next: str = "/") -> Response:
    _code(request)
    return render(request, "code.html", next=inside(next), error="")


@router.post(FORM)
async def enter_code(request: Request) -> Response:
    code = _code(request)
    fields = await form(request)
    goal = inside(str(fields.get("next", "/")))
    if not await code.is_right(str(fields.get("code", ""))):
        error = "This isn't the code word. Ask the person who started the server."
        return render(request, "code.html", status=422, next=goal, error=error)
    caller = request.scope["state"]["cookie"]
    request.scope["state"]["cookie"] = caller.with_proof(code.word)
    return RedirectResponse(goal, 303)


def _code(request: Request) -> AccessCode:
    """The access code. Raises HttpError 404 if the server asks for none."""
    code: AccessCode | None = request.app.state.code
    if code is None:
        raise HttpError(404, "Nothing is here", "This server asks for no code word.")
    return code
