"""The security middleware: what holds for every request, whatever page it asks for.

It checks hosts and origins, asks for the access code, bounds bodies, gives the learner a cookie and
adds the security headers. It knows no page; the rules of a route say what the route needs.
"""

import ipaddress
import logging
import re

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quiz.settings import Settings
from quiz.web.core import learner_cookie, refusals
from quiz.web.core.access_code import AccessCode, bearer
from quiz.web.core.body_limit import Limit, bounded
from quiz.web.core.error_pages import error_response
from quiz.web.core.http_error import HttpError
from quiz.web.core.routing import FeatureRoutes, RouteRules

logger = logging.getLogger("quiz.web")

Headers = dict[bytes, bytes]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Not "no-referrer": with it browsers send `Origin: null` with our own forms.
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Values of Sec-Fetch-Site for our own pages and for a typed address.
SAME_SITE = frozenset({b"same-origin", b"none"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class SecurityMiddleware:
    """Plain ASGI. `code` is None if the server asks for no access code."""

    def __init__(
        self, app: ASGIApp, settings: Settings, code: AccessCode | None, routes: FeatureRoutes
    ) -> None:
        self.app = app
        self._code = code
        self._routes = routes
        self._form = Limit(settings.body_bytes, "QUIZ_BODY_BYTES")
        self._import = Limit(settings.import_bytes, "QUIZ_IMPORT_BYTES")
        self._names = {"localhost", settings.host.lower(), *map(str.lower, settings.allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, rules = dict(scope["headers"]), self._routes.rules(scope["path"])
        exchange = Exchange(scope, headers, rules, send)
        try:
            await self._serve(exchange, receive)
        except HttpError as error:
            await error_response(Request(scope), error)(scope, receive, exchange.send)
        except ClientDisconnect:
            pass
        except Exception:
            # After the response has started, only a broken connection tells the client.
            if exchange.is_started:
                raise
            logger.exception("%s %s failed.", scope["method"], _loggable(scope["path"], rules))
            failed = refusals.failed()
            await error_response(Request(scope), failed)(scope, receive, exchange.send)

    async def _serve(self, exchange: "Exchange", receive: Receive) -> None:
        """The app's response. Raises HttpError if the request is refused."""
        scope, headers, rules = exchange.scope, exchange.headers, exchange.rules
        self._check(scope, headers)
        exchange.may_set_cookie = rules.sets_cookie
        if self._code and rules.needs_access_code and not await _admits(self._code, exchange):
            await refusals.access_code_needed(scope)(scope, receive, exchange.send)
            return
        limit = self._import if rules.accepts_import else self._form
        with limit.holding() as held:
            if b"content-length" in headers or b"transfer-encoding" in headers:
                receive = await bounded(headers, receive, held)
            await self.app(scope, receive, exchange.send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        """Raises HttpError for a foreign host, a cross-site write and an unreadable address."""
        if sum(name == b"host" for name, _ in scope["headers"]) > 1:
            # Links might be made of another Host header than the checked one.
            raise refusals.two_hosts()
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if not self._knows(host, scope):
            raise refusals.unknown_host(host)
        if scope["method"] in WRITES and not _is_same_site(headers, host):
            raise refusals.cross_site()
        if not scope["path"].startswith("/"):
            raise refusals.no_path()
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            raise refusals.nul_byte()

    def _knows(self, host: str, scope: Scope) -> bool:
        """Whether the host is loopback, a configured name, or the address of the server's socket.

        Other names are refused against DNS rebinding.
        """
        match = HOST.fullmatch(host)
        name = match[1].strip("[]") if match else ""
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or _is_server(address, scope)


class Exchange:
    """A request and its response, with the caller's cookie. The scope's state says who calls."""

    def __init__(self, scope: Scope, headers: Headers, rules: RouteRules, send: Send) -> None:
        self.scope = scope
        self.headers = headers
        self.rules = rules
        self.is_started = False
        # False for a cross-site form: it comes without the learner's cookie, and a new cookie
        # would replace the learner's.
        self.may_set_cookie = False
        self._send = send
        self._known = learner_cookie.read(headers.get(b"cookie", b""))
        caller = self._known or learner_cookie.new()
        state = scope.setdefault("state", {})
        state["cookie"], state["learner"] = caller, caller.learner
        state["known"] = self._known is not None
        state["rules"] = rules

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_started = True
            headers = message.setdefault("headers", [])
            if self.may_set_cookie and self.scope["state"]["cookie"] is not self._known:
                self._set_cookie(message)
            headers.extend(HEADERS)
        await self._send(message)

    def _set_cookie(self, message: Message) -> None:
        """A page sets the cookie; so does a redirect, whose target must know the learner."""
        is_page = any(
            name == b"content-type" and value.startswith(b"text/html")
            for name, value in message["headers"]
        )
        if is_page or message["status"] == 303:
            value = self.scope["state"]["cookie"].header(self._is_secure)
            message["headers"].append((b"set-cookie", value.encode()))

    @property
    def _is_secure(self) -> bool:
        # Any client can send this header. It only makes the client's own cookie stricter.
        forwarded = self.headers.get(b"x-forwarded-proto", b"")
        return self.scope["scheme"] == "https" or forwarded == b"https"


async def _admits(code: AccessCode, exchange: Exchange) -> bool:
    """Whether the caller's cookie or the Authorization header proves the access code."""
    if exchange.scope["state"]["cookie"].admits(code.word):
        return True
    given = bearer(exchange.headers.get(b"authorization", b"").decode("latin-1"))
    return given is not None and await code.is_right(given)


def _loggable(path: str, rules: RouteRules) -> str:
    """The path without a secret, and without control characters that a terminal would obey."""
    shown = f"/{path.split('/')[1]}/…" if rules.has_secret else path
    return CONTROL.sub("?", shown)


def _is_server(address: ipaddress.IPv4Address | ipaddress.IPv6Address, scope: Scope) -> bool:
    try:
        server = ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return False
    return address in (server, getattr(server, "ipv4_mapped", None))


def _is_same_site(headers: Headers, host: str) -> bool:
    """Whether a write comes from our own page, or from a client that is no browser."""
    if (site := headers.get(b"sec-fetch-site")) is not None:
        return site in SAME_SITE
    origin = headers.get(b"origin")
    return origin is None or origin.decode("latin-1").lower().partition("://")[2] == host
