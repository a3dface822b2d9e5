"""Errors as responses: a page, or problem+json under /sandbox."""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from quiz.storage.errors import StorageError
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import API, wants_fragment

logger = logging.getLogger("quiz.web")

PROBLEM = "application/problem+json"
STORAGE_RETRY_SECONDS = 10
# htmx replaces the content of the page with the error, whatever the target was.
SWAP_MAIN = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML show:top"}


def error_response(request: Request, error: HttpError) -> Response:
    path = request.scope["path"]
    if path == API or path.startswith(f"{API}/"):
        return _problem(request, error)
    response = render(
        request, "error.html", status=error.status, error=error, swapped=wants_fragment(request)
    )
    response.headers.update(error.headers)
    if wants_fragment(request):
        response.headers.update(SWAP_MAIN)
    return response


def _problem(request: Request, error: HttpError) -> Response:
    body = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "instance": request.scope["path"],
    }
    return JSONResponse(body, error.status, dict(error.headers), PROBLEM)


def as_http_error(error: Exception) -> HttpError:
    """The error as an HttpError. The framework's own errors get a title and a next step."""
    if isinstance(error, HttpError):
        return error
    if isinstance(error, StorageError):
        return _storage_failed(error)
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        reason = f"{first['loc'][-1]}: {first['msg'][0].lower()}{first['msg'][1:]}"
        return HttpError(422, "This could not be read", f"{reason}.")
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return HttpError(
            404,
            "Nothing is here",
            "There is no page at this address.",
            "Check the address, or start from the list of questions.",
            headers=headers,
        )
    title = HTTPStatus(error.status_code).phrase
    return HttpError(error.status_code, title, str(error.detail), headers=headers)


def _storage_failed(error: StorageError) -> HttpError:
    """The log names the file. The page doesn't: learners need not know the server's folders."""
    logger.error("%s", error)
    return HttpError(
        503,
        "We couldn't save or read this",
        "The server's database failed. The server's log has the reason.",
        "Try again. If you sent a form, go back and send it again: nothing is counted twice.",
        headers={"Retry-After": str(STORAGE_RETRY_SECONDS)},
    )


def not_that_way(methods: Sequence[str]) -> HttpError:
    allowed = ", ".join(methods)
    return HttpError(
        405, "Not that way", f"This address takes {allowed}.", headers={"Allow": allowed}
    )


def _bad_form() -> HttpError:
    return HttpError(
        422,
        "This form could not be read",
        "Its fields are not text in UTF-8, or there are too many of them.",
        "Go back and send it again.",
    )
