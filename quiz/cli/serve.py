"""`quiz serve`: runs the app in uvicorn. It opens the socket itself, for better error messages."""

import argparse
import asyncio
import errno
import logging
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quiz.app import DATABASE, create_app
from quiz.cli.prepare import build_missing
from quiz.errors import QuizError
from quiz.network import here, in_lan, is_loopback
from quiz.settings import Settings
from quiz.storage.errors import unusable
from quiz.web.core.connections import ACCEPTED_AT_ONCE, bounded_protocol

# An open stream would delay the end, so it is cut after this time.
GOODBYE_SECONDS = 1
CODE_IS_VISIBLE = (
    "quiz: Other users of this machine can read --code in the list of processes."
    " QUIZ_CODE=WORD hides it."
)
# How many connections wait in the kernel until they are accepted. A class opens a page at once.
KERNEL_QUEUE = 2048


class ServeError(QuizError):
    """The app cannot be served with these settings."""


class Server(uvicorn.Server):
    """A uvicorn server that calls `started` when it listens, and then runs `further` as a task."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        further: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        super().__init__(config)
        self._tell = started
        self._further = further
        self._task: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            for listener in sockets or ():
                # asyncio has set the length of the kernel's queue to `backlog`.
                listener.listen(KERNEL_QUEUE)
            self._tell()
            if self._further:
                self._task = asyncio.create_task(self._further())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        await super().shutdown(sockets)


class Startable:
    """The app. Keeps a storage error at the start, which uvicorn would log with a traceback."""

    def __init__(self, app: ASGIApp, database: Path) -> None:
        self._app = app
        self._database = database
        self.error: QuizError | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def hold(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)
            else:
                await send(message)

        try:
            await self._app(scope, receive, hold)
        except (QuizError, SQLAlchemyError) as error:
            if not failed:
                raise
            self.error = error if isinstance(error, QuizError) else unusable(self._database, error)
            await send({"type": "lifespan.startup.failed", "message": ""})
        except BaseException:
            for message in failed:
                await send(message)
            raise


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    _refuse_strangers(settings)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if settings.class_ and not settings.teacher:
        settings = replace(settings, teacher=secrets.token_urlsafe(9))
    if chosen.code:
        print(CODE_IS_VISIBLE, file=sys.stderr)
    with _listen(settings) as listener:
        return _serve(settings, listener)


def _serve(settings: Settings, listener: socket.socket) -> int:
    app = Startable(create_app(settings), settings.data / DATABASE)
    config = uvicorn.Config(
        app,
        http=bounded_protocol(),
        # asyncio accepts this many connections before it reads from any of them.
        backlog=ACCEPTED_AT_ONCE,
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )
    further = partial(build_missing, settings) if settings.prepare else None
    server = Server(config, lambda: _announce(settings, listener), further)
    try:
        with suppress(KeyboardInterrupt), _log_unless(lambda: app.error is not None):
            server.run(sockets=[listener])
    except SystemExit:
        # uvicorn raises SystemExit when the app could not start.
        if app.error is None:
            raise
        raise app.error from None
    return 0 if server.started else 1


@contextmanager
def _log_unless(refused: Callable[[], bool]) -> Iterator[None]:
    """Leaves out uvicorn's "Application startup failed." if the error itself is printed."""
    logger = logging.getLogger("uvicorn.error")

    def keep(_record: logging.LogRecord) -> bool:
        return not refused()

    logger.addFilter(keep)
    try:
        yield
    finally:
        logger.removeFilter(keep)


def _refuse_strangers(settings: Settings) -> None:
    if is_loopback(settings.host) or settings.code or settings.open_access:
        return
    raise ServeError(
        f"--host {settings.host} lets other machines in. Set QUIZ_CODE=WORD, which visitors must "
        "know, or add --open-access (QUIZ_OPEN_ACCESS=1)."
    )


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.host, settings.port
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=KERNEL_QUEUE)
    except PermissionError:
        mend = f"Port {port} needs more rights. Choose one from 1024 on with --port."
    except socket.gaierror:
        mend = f"{host} is no address of this machine. Choose another with --host."
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ServeError(f"{host}, port {port}, cannot be listened on: {error}.") from None
        mend = _taken(settings)
    raise ServeError(mend) from None


def _taken(settings: Settings) -> str:
    free = settings.port + 1 if settings.port < 65_535 else 8000
    return (
        f"Port {settings.port} is taken on {settings.host}. Choose another, "
        f"with --port {free} or QUIZ_PORT={free}."
    )


def _announce(settings: Settings, listener: socket.socket) -> None:
    for line in _lines(settings, listener.getsockname()[1]):
        print(line, flush=True)
    if settings.open:
        # Opening a browser can block for a while.
        url = f"http://{here(settings.host)}:{listener.getsockname()[1]}"
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _lines(settings: Settings, port: int) -> Iterator[str]:
    yield f"After Response is at http://{here(settings.host)}:{port}"
    if not is_loopback(settings.host):
        yield f"On this network: http://{in_lan(settings.host)}:{port}"
        if settings.code:
            yield f"Visitors are asked for the word: {settings.code}"
    if settings.class_:
        yield "Each question has a page for the projector: see the link beneath it."
        yield f"The teacher's secret, asked for at /teacher: {settings.teacher}"
    yield "Stop it with Ctrl+C."
