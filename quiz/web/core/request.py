"""A request: the services, the learner, the fields of a form. Knows no page and no template."""

import re
from typing import NotRequired, TypedDict, cast
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from quiz.packs.catalog import CatalogStore
from quiz.proofs.dispute_watcher import Disputes
from quiz.proofs.service import Proofs
from quiz.runs.engine.environments import Environments
from quiz.runs.service import Runs
from quiz.settings import Settings
from quiz.storage.storage import Storage
from quiz.web.core.http_error import HttpError
from quiz.web.core.learner_cookie import Cookie
from quiz.web.core.routing import RouteRules

# Errors below this address are problem+json instead of a page.
API = "/sandbox"
FORM_FIELDS = 1000
# No database stores a NUL, and no encoding has half a surrogate pair.
NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")


class State(TypedDict):
    """What the lifespan yields for every request. The security middleware adds the rest."""

    settings: Settings
    storage: Storage
    runs: Runs
    shelf: CatalogStore
    environments: Environments
    proofs: Proofs
    disputes: Disputes
    learner: NotRequired[str]
    known: NotRequired[bool]
    rules: NotRequired[RouteRules]


def state(request: Request) -> State:
    return cast(State, request.scope["state"])


def learner(request: Request) -> str:
    """Hash of the secret in the caller's cookie. A first request has one, too."""
    return cast(str, request.scope["state"]["learner"])


def go_on_as(request: Request, who: Cookie) -> None:
    """Make the caller this learner, from this response on. The access code stays proven."""
    code = request.app.state.code
    request.scope["state"]["cookie"] = who.with_proof(code.word) if code else who


def has_cookie(request: Request) -> bool:
    return bool(request.scope["state"].get("known"))


def guest_address(request: Request) -> str:
    """IP address of a caller without a cookie; empty for a caller with one."""
    if has_cookie(request):
        return ""
    return request.client.host if request.client else "unknown"


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page instead of the whole page."""
    headers = request.headers
    return (
        "hx-request" in headers
        and "hx-boosted" not in headers
        and "hx-history-restore-request" not in headers
    )


async def form(request: Request) -> FormData:
    """The fields of a form. Raises HttpError 422 for bad UTF-8, NUL, or too many fields."""
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
