"""Access for the teacher only: the projector pages and the class results need the secret."""

from urllib.parse import quote

from fastapi import Request

from quiz.web.core.access_code import AccessCode, bearer
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import wants_fragment

# Address of the form that asks for the teacher's secret.
FORM = "/teacher"


def only_for_a_class(request: Request) -> AccessCode:
    """The teacher's secret. Raises HttpError 404 if the server was started without --class."""
    secret: AccessCode | None = request.app.state.teacher
    if secret is None:
        detail = "This page exists only if the server was started for a class."
        raise HttpError(404, "Nothing is here", detail, "Start it with --class.", (("Start", "/"),))
    return secret


async def only_for_the_teacher(request: Request) -> None:
    """Dependency of the teacher's routes.

    Raises HttpError 404 without --class; without the secret 303 to the form for a page, else 403.
    """
    secret = only_for_a_class(request)
    if request.scope["state"]["cookie"].teaches(secret.word):
        return
    given = bearer(request.headers.get("authorization", ""))
    if given is not None and await secret.is_right(given):
        return
    form = f"{FORM}?next={quote(request.scope['path'], safe='')}"
    if request.method == "GET" and not wants_fragment(request) and not _is_stream(request):
        raise HttpError(303, "The teacher's secret is needed", headers={"Location": form})
    raise HttpError(
        403,
        "Only the teacher can do this",
        "The pages of the projector and the class are for the teacher.",
        "Enter the teacher's secret, which the server prints when it starts.",
        (("Enter the secret", form),),
    )


def inside(address: str) -> str:
    """The address if it is a path of this app, else "/".

    Browsers read `//name` and `/\\name` as an address of another host.
    """
    is_inside = address.isprintable() and address[:1] == "/" and address[1:2] not in ("/", "\\")
    return address if is_inside else "/"


def _is_stream(request: Request) -> bool:
    return request.url.path.endswith("/live")
