"""Asking for the code word, where the server was started with one."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from quiz.web.core.access_code import CodeWord
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form
from quiz.web.core.teacher import inside

router = APIRouter()


@router.get("/code")
async def ask(request: Request, next: str = "/") -> Response:
    _code(request)
    return render(request, "code.html", next=inside(next), error="")


@router.post("/code")
async def give(request: Request) -> Response:
    code = _code(request)
    fields = await form(request)
    goal = inside(str(fields.get("next", "/")))
    if not await code.is_right(str(fields.get("code", ""))):
        error = "That is not the word. Ask the one who started the server."
        return render(request, "code.html", status=422, next=goal, error=error)
    caller = request.scope["state"]["cookie"]
    request.scope["state"]["cookie"] = caller.with_proof(code.word)
    return RedirectResponse(goal, 303)


def _code(request: Request) -> CodeWord:
    code: CodeWord | None = request.app.state.code
    if code is None:
        raise HttpError(404, "Nothing is here", "This server asks for no code word.")
    return code
