"""The app: connects settings, storage, runs and routes. It has no other logic."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match

from quiz import __version__
from quiz.demos.locks import folders
from quiz.packs.catalog import CatalogStore
from quiz.proofs.dispute_watcher import Disputes
from quiz.proofs.service import Proofs
from quiz.registry import SHIPPED, load_all
from quiz.runs.engine.environments import Environments
from quiz.runs.service import Runs
from quiz.settings import Settings
from quiz.storage.errors import StorageError
from quiz.storage.sqlite.data_folder import only_server
from quiz.storage.storage import Storage
from quiz.web.core.access_code import AccessCode
from quiz.web.core.error_pages import as_http_error, error_response, not_that_way
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import make_templates
from quiz.web.core.request import State
from quiz.web.core.routing import FeatureRoutes
from quiz.web.core.security import SecurityMiddleware
from quiz.web.core.sse import stop_signals
from quiz.web.core.static_files import StaticFiles

DATABASE = "quiz.sqlite3"


def create_app(
    settings: Settings, make_catalog: Callable[[Settings], CatalogStore] = CatalogStore
) -> FastAPI:
    """The app. Several apps may share one catalog if `make_catalog` returns the same object."""
    app = FastAPI(
        title="After Response: the sandbox",
        version=__version__,
        lifespan=_lifespan(settings, make_catalog),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    code = AccessCode(settings.code) if settings.code else None
    routes = FeatureRoutes(load_all("quiz.web.features", "router"))
    app.state.static = StaticFiles(SHIPPED / "static", settings.reload)
    app.state.templates = make_templates(settings, app.state.static, routes.navigation)
    app.state.code = code
    app.state.teacher = _teacher(settings)
    # Not `include_router`: every included router would cost each request its own search.
    app.router.routes.extend(routes.routes)
    for error in (HttpError, HTTPException, RequestValidationError, StorageError):
        app.add_exception_handler(error, _answer_error)
    # A page of all questions is long and repetitive: it compresses well.
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    app.add_middleware(SecurityMiddleware, settings=settings, code=code, routes=routes)
    return app


def _lifespan(
    settings: Settings, make_catalog: Callable[[Settings], CatalogStore]
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[State]:
        app.state.stopping = asyncio.Event()
        shelf = make_catalog(settings)
        environments = Environments(folders(settings.packs), settings.cache)
        async with _stored(settings) as storage:
            runs = Runs(settings, storage.runs, lambda: shelf.catalog.demos, environments)
            await runs.open()
            proofs = Proofs(settings.data / "proofs", runs, lambda: shelf.catalog.demos)
            disputes = Disputes(runs, storage)
            try:
                with stop_signals(app.state.stopping):
                    yield State(
                        settings=settings,
                        storage=storage,
                        runs=runs,
                        shelf=shelf,
                        environments=environments,
                        proofs=proofs,
                        disputes=disputes,
                    )
            finally:
                await disputes.close()
                await proofs.close()
                await runs.close()

    return lifespan


@asynccontextmanager
async def _stored(settings: Settings) -> AsyncIterator[Storage]:
    """The storage of the data folder. No other server can use the folder at the same time."""
    with only_server(settings.data / DATABASE):
        storage = Storage(settings.data / DATABASE)
        await storage.start()
        try:
            yield storage
        finally:
            await storage.stop()


def _teacher(settings: Settings) -> AccessCode | None:
    """Without a setting, a random secret closes the class. `quiz serve` sets one and prints it."""
    if not settings.class_:
        return None
    return AccessCode(settings.teacher or secrets.token_urlsafe(16))


async def _answer_error(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return error_response(request, not_that_way(_methods(request)))
    return error_response(request, as_http_error(error))


def _methods(request: Request) -> list[str]:
    """All methods of an address. Starlette names only those of the first matching route."""
    routes = request.app.router.routes
    found = (route for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for route in found for method in route.methods})
