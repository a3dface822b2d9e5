"""What the security middleware answers instead of the app. A function per reason."""

from urllib.parse import quote

from fastapi.responses import RedirectResponse
from starlette.types import Scope

from quiz.web.core.access_code import FORM
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import API

START = (("Start", "/"),)


def two_hosts() -> HttpError:
    return HttpError(
        400,
        "The request names two hosts",
        "It has more than one Host header.",
        "Send one Host header.",
    )


def unknown_host(host: str) -> HttpError:
    return HttpError(
        403,
        "This name is not ours",
        f"The app was asked for as {host!r}, which is not a name that it knows."
        if host
        else "The request does not say which host it is for.",
        f"Use http://localhost, or start the app with QUIZ_ALLOWED_HOSTS={host or 'NAME'}.",
    )


def cross_site() -> HttpError:
    return HttpError(
        403,
        "This came from another site",
        "The browser says that a page of another site sent this form, so nothing was done.",
        "Open the page here and send its form.",
        START,
    )


def no_path() -> HttpError:
    return HttpError(
        400,
        "This address could not be read",
        "An address of this app begins with a slash.",
        "Follow a link of the app instead of writing the address.",
        START,
    )


def nul_byte() -> HttpError:
    return HttpError(
        400,
        "This address could not be read",
        "It has a NUL byte in it.",
        "Follow a link of the app instead of writing the address.",
        START,
    )


def access_code_needed(scope: Scope) -> RedirectResponse:
    """A redirect of a page to the form. Raises HttpError 403 for the API, htmx and writes."""
    is_page = scope["method"] == "GET" and not scope["path"].startswith(API)
    if not is_page or any(name == b"hx-request" for name, _ in scope["headers"]):
        raise HttpError(
            403,
            "The code word is asked for",
            "This server opens to those who know its code word.",
            f"Enter it at {FORM}, or send it as the header `Authorization: Bearer WORD`.",
            actions=(("Enter the code word", FORM),),
        )
    path = quote(scope["path"]) + ("?" + scope["query_string"].decode("latin-1")).rstrip("?")
    return RedirectResponse(f"{FORM}?next={quote(path, safe='')}", 303)


def failed() -> HttpError:
    return HttpError(
        500,
        "This went wrong on our side",
        "The app has a fault. Where it stands is in the log of the server.",
        "Try again; what you have answered is kept.",
        START,
    )
