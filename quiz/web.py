"""What every page stands on: templates, errors, forms, who is asking. Knows no page."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict, cast
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from quiz import __version__, highlight, marked
from quiz.content import Shelf
from quiz.cookie import Cookie
from quiz.discovery import PACKAGE, SHIPPED, QuizError
from quiz.disputes import Disputes
from quiz.proofs import Proofs
from quiz.sandbox.environments import Environments
from quiz.sandbox.runs import Runs
from quiz.settings import Settings
from quiz.static import StaticFiles
from quiz.storage import Storage, StorageError

logger = logging.getLogger("quiz.web")

API = "/sandbox"
PROBLEM = "application/problem+json"
FORM_FIELDS = 1000
STORAGE_RETRY_SECONDS = 10
# No database takes a NUL, no encoding half a surrogate pair.
NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
# A page tells one learner's marks: a proxy must not keep it, the browser may for "back".
PAGE_HEADERS = {"Vary": "HX-Request", "Cache-Control": "private, no-cache"}
# The error takes the place of the page's content, whatever part was to be swapped.
SWAP_MAIN = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML show:top"}
SECTIONS = {
    "": "learn",
    "packs": "learn",
    "topics": "learn",
    "attempts": "learn",
    "review": "review",
    "interview": "learn",
    "demos": "demos",
    "runs": "demos",
    "side-by-side": "demos",
    "progress": "progress",
    "recover": "progress",
    "class": "learn",
}


class State(TypedDict):
    """What the lifespan yields and every request sees; the guard adds who is asking."""

    settings: Settings
    storage: Storage
    runs: Runs
    shelf: Shelf
    environments: Environments
    proofs: Proofs
    disputes: Disputes
    learner: NotRequired[str]
    known: NotRequired[bool]


@dataclass(eq=False)
class HttpError(QuizError):
    """What was wrong and how to mend it, as a page; under /sandbox as problem+json."""

    status: int
    title: str
    detail: str = ""
    mend: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(part for part in (self.detail or self.title, self.mend) if part)


def state(request: Request) -> State:
    return cast(State, request.scope["state"])


def learner(request: Request) -> str:
    """The hash of the caller's secret, also at their very first request."""
    return cast(str, request.scope["state"]["learner"])


def go_on_as(request: Request, who: Cookie) -> None:
    """From this answer on; whoever was let in with the class's word stays so."""
    code = request.app.state.code
    request.scope["state"]["cookie"] = who.with_proof(code.word) if code else who


def has_cookie(request: Request) -> bool:
    return bool(request.scope["state"].get("known"))


def guest_address(request: Request) -> str:
    """Where a caller without a cookie asks from; empty for one with a cookie."""
    if has_cookie(request):
        return ""
    return request.client.host if request.client else "unknown"


def markdown(text: str) -> Markup:
    return Markup(marked.block(text))


def markdown_inline(text: str) -> Markup:
    """For the inside of a label or a list's line."""
    return Markup(marked.inline(text))


# What templates, those of the kinds too, make of a text.
FILTERS = {
    "markdown": markdown,
    "markdown_inline": markdown_inline,
    "code_lines": highlight.lines,
    "code_around_gaps": highlight.around_gaps,
}


def make_templates(settings: Settings, static: StaticFiles) -> Environment:
    loaders = [
        FileSystemLoader(SHIPPED / "templates"),
        PrefixLoader({"kinds": FileSystemLoader(PACKAGE / "kinds")}),
    ]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.reload,
    )
    environment.globals |= {
        "static": static.address,
        "modules": static.modules,
        "has_room": settings.class_,
        "version": __version__,
    }
    environment.filters |= FILTERS
    return environment


def first_part(path: str) -> str:
    """`packs` of `/packs/p`. A path such as `*`, which is no address, has none."""
    return path.split("/", 2)[1] if path.startswith("/") else ""


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page, and not for a whole one in place of it."""
    headers = request.headers
    return (
        "hx-request" in headers
        and "hx-boosted" not in headers
        and "hx-history-restore-request" not in headers
    )


def render(
    request: Request, page: str, *, block: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """The page, or only its block if htmx asks for a part."""
    if block and wants_fragment(request):
        return HTMLResponse(fragment(request, page, block, **context), status, PAGE_HEADERS)
    template = request.app.state.templates.get_template(page)
    return HTMLResponse(template.render(_placed(request, context)), status, PAGE_HEADERS)


def fragment(request: Request, page: str, block: str, **context: Any) -> Markup:
    """A block of a page alone."""
    template = request.app.state.templates.get_template(page)
    parts = template.blocks[block](template.new_context(_placed(request, context)))
    return Markup("".join(parts))


def _placed(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    section = SECTIONS.get(first_part(request.scope["path"]))
    return context | {"request": request, "section": section}


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
    """The framework's own errors in our words."""
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


async def form(request: Request) -> FormData:
    """The fields of a form. Raises HttpError 422 on bad UTF-8, NUL or a thousand fields."""
    try:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            fields = await request.form(max_fields=FORM_FIELDS, max_part_size=2**30)
        else:
            fields = _urlencoded((await request.body()).decode())
    except (HTTPException, ValueError) as error:
        raise _bad_form() from error
    texts = (text for item in fields.multi_items() for text in item if isinstance(text, str))
    if any(map(NO_TEXT.search, texts)):
        raise _bad_form()
    return fields


def _urlencoded(body: str) -> FormData:
    limit = FORM_FIELDS
    return FormData([*parse_qsl(body, True, errors="strict", max_num_fields=limit)])


def _bad_form() -> HttpError:
    return HttpError(
        422,
        "This form could not be read",
        "Its fields are not text in UTF-8, or there are too many of them.",
        "Go back and send it again.",
    )
