"""The form that asks for the teacher's secret."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from quiz.web.core.rendering import render
from quiz.web.core.request import form
from quiz.web.core.routing import FeatureRouter
from quiz.web.core.teacher import FORM, inside, only_for_a_class

router = FeatureRouter()


@router.get(FORM)
async def ask_for_secret(request: Request, next: str = "/class") -> Response:
    only_for_a_class(request)
    return render(request, "teacher.html", next=inside(next), error="")


@router.post(FORM)
async def enter_secret(request: Request) -> Response:
    secret = only_for_a_class(request)
    fields = await form(request)
    goal = inside(str(fields.get("next", "/class")))
    if not await secret.is_right(str(fields.get("secret", ""))):
        error = "This isn't the teacher's secret. The server prints it when it starts."
        return render(request, "teacher.html", status=422, next=goal, error=error)
    caller = request.scope["state"]["cookie"]
    request.scope["state"]["cookie"] = caller.with_teacher(secret.word)
    return RedirectResponse(goal, 303)
