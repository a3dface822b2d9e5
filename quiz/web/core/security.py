"""What holds for every request: who may ask, how much, who they are; the headers of every answer.

One thin layer of plain ASGI. It answers only what it refuses; it knows no page.
"""

import ipaddress
import logging
import re
from functools import partial
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quiz.settings import Settings
from quiz.web.core import learner_cookie
from quiz.web.core.access_code import CodeWord
from quiz.web.core.body_limit import Limit, bounded
from quiz.web.core.error_pages import error_response
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import API, first_part

logger = logging.getLogger("quiz.web")

Headers = dict[bytes, bytes]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The referrer is not `no-referrer`: with it browsers send `Origin: null` with our own forms.
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OURSELVES = frozenset({b"same-origin", b"none"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NOT_PAGES = ("sandbox", "static", "healthz", "schema")
# One's own answers come back in a file that may be long.
IMPORT = "/progress/import"
# Open to who has not given the code word.
OPEN = ("static", "healthz", "code")

# Made anew for each raise: an exception that is raised again keeps every traceback it had.
FOREIGN = partial(
    HttpError,
    403,
    "This came from another site",
    "The browser says that a page of another site sent this form, so nothing was done.",
    "Open the page here and send its form.",
    actions=(("Start", "/"),),
)
UNREADABLE = partial(
    HttpError,
    400,
    "This address could not be read",
    "It has a NUL byte in it.",
    "Follow a link of the app instead of writing the address.",
    actions=(("Start", "/"),),
)
NO_ADDRESS = partial(
    HttpError,
    400,
    "This address could not be read",
    "An address of this app begins with a slash.",
    "Follow a link of the app instead of writing the address.",
    actions=(("Start", "/"),),
)
TWO_HOSTS = partial(
    HttpError,
    400,
    "The request names two hosts",
    "It has more than one Host header.",
    "Send one Host header.",
)
FAILED = partial(
    HttpError,
    500,
    "This went wrong on our side",
    "The app has a fault. Where it stands is in the log of the server.",
    "Try again; what you have answered is kept.",
    actions=(("Start", "/"),),
)
CODE_ASKED = partial(
    HttpError,
    403,
    "The code word is asked for",
    "This server opens to those who know its code word.",
    "Enter it at /code, or send it as the header `Authorization: Bearer WORD`.",
    actions=(("Enter the code word", "/code"),),
)


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings, code: CodeWord | None) -> None:
        self.app = app
        self._code = code
        self._body = Limit(settings.body_bytes, "QUIZ_BODY_BYTES")
        self._import = Limit(settings.import_bytes, "QUIZ_IMPORT_BYTES")
        self._names = {"localhost", settings.host.lower(), *map(str.lower, settings.allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        visit = Visit(scope, headers, send)
        try:
            self._check(scope, headers)
            visit.is_welcome = True
            if self._code and not await self._is_admitted(self._code, scope, headers):
                await _ask_for_code(scope)(scope, receive, visit.send)
                return
            limit = self._import if scope["path"] == IMPORT else self._body
            with limit.holding() as held:
                if b"content-length" in headers or b"transfer-encoding" in headers:
                    receive = await bounded(headers, receive, held)
                await self.app(scope, receive, visit.send)
        except HttpError as error:
            await error_response(Request(scope), error)(scope, receive, visit.send)
        except ClientDisconnect:
            pass
        except Exception:
            # Half an answer cannot be mended: then the server has to break the connection.
            if visit.is_answered:
                raise
            logger.exception("%s %s failed.", scope["method"], _loggable(scope["path"]))
            await error_response(Request(scope), FAILED())(scope, receive, visit.send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        if sum(name == b"host" for name, _ in scope["headers"]) > 1:
            # The checked one may not be the one that links are made of.
            raise TWO_HOSTS()
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if not self._knows(host, scope):
            raise _wrong_host(host)
        if scope["method"] in WRITES and not _is_ours(headers, host):
            raise FOREIGN()
        if not scope["path"].startswith("/"):
            raise NO_ADDRESS()
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            raise UNREADABLE()

    def _knows(self, host: str, scope: Scope) -> bool:
        """Loopback, a configured name or the address connected to: a rebound name is none."""
        match = HOST.fullmatch(host)
        name = match[1].strip("[]") if match else ""
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or _is_server(address, scope)

    async def _is_admitted(self, code: CodeWord, scope: Scope, headers: Headers) -> bool:
        if first_part(scope["path"]) in OPEN or scope["state"]["cookie"].admits(code.word):
            return True
        scheme, _, given = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        return scheme.lower() == "bearer" and await code.is_right(given)


class Visit:
    """One request's caller, and what its answer is given on the way out."""

    def __init__(self, scope: Scope, headers: Headers, send: Send) -> None:
        self._scope = scope
        self._send = send
        # A proxy before us may speak https where we do not; it only ever makes the cookie stricter.
        forwarded = headers.get(b"x-forwarded-proto", b"")
        self._is_secure = b"https" in (scope["scheme"].encode(), forwarded)
        self._known = learner_cookie.read(headers.get(b"cookie", b""))
        self.is_welcome = False
        self.is_answered = False
        caller = self._known or learner_cookie.new()
        state = scope.setdefault("state", {})
        state["cookie"], state["learner"] = caller, caller.learner
        state["known"] = self._known is not None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_answered = True
            headers = message.setdefault("headers", [])
            # A foreign form comes without the learner's cookie: another one would replace it.
            if self._scope["state"]["cookie"] is not self._known and self.is_welcome:
                self._introduce(message)
            headers.extend(HEADERS)
        await self._send(message)

    def _introduce(self, message: Message) -> None:
        """Who sends a form before having had a page must be known on the page that it leads to."""
        if first_part(self._scope["path"]) in NOT_PAGES:
            return
        is_page = any(
            name == b"content-type" and value.startswith(b"text/html")
            for name, value in message["headers"]
        )
        if is_page or message["status"] == 303:
            value = self._scope["state"]["cookie"].header(self._is_secure)
            message["headers"].append((b"set-cookie", value.encode()))


def _loggable(path: str) -> str:
    """Without the secret of who is to be found again."""
    shown = "/recover/…" if path.startswith("/recover/") else path
    # A terminal would obey control characters.
    return CONTROL.sub("?", shown)


def _is_server(address: ipaddress.IPv4Address | ipaddress.IPv6Address, scope: Scope) -> bool:
    try:
        server = ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return False
    return address in (server, getattr(server, "ipv4_mapped", None))


def _is_ours(headers: Headers, host: str) -> bool:
    """Whether a write comes from our own pages, or from no browser at all."""
    if (site := headers.get(b"sec-fetch-site")) is not None:
        return site in OURSELVES
    origin = headers.get(b"origin")
    return origin is None or origin.decode("latin-1").lower().partition("://")[2] == host


def _ask_for_code(scope: Scope) -> ASGIApp:
    """Someone who opens a page is led to the form; anything else is refused."""
    is_page = scope["method"] == "GET" and not scope["path"].startswith(API)
    if not is_page or any(name == b"hx-request" for name, _ in scope["headers"]):
        raise CODE_ASKED()
    path = quote(scope["path"]) + ("?" + scope["query_string"].decode("latin-1")).rstrip("?")
    return RedirectResponse(f"/code?next={quote(path, safe='')}", 303)


def _wrong_host(host: str) -> HttpError:
    return HttpError(
        403,
        "This name is not ours",
        f"The app was asked for as {host!r}, which is not a name that it knows."
        if host
        else "The request does not say which host it is for.",
        f"Use http://localhost, or start the app with QUIZ_ALLOWED_HOSTS={host or 'NAME'}.",
    )
