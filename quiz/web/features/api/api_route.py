"""The route class of the sandbox API: bodies as bytes, and every error as problem+json."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from quiz.demos.model import ParameterError
from quiz.errors import QuizError
from quiz.runs.errors import Evicted, QueueFull, Unavailable, Unbreakable, UnknownDemo, UnknownRun
from quiz.web.core.http_error import HttpError
from quiz.web.features.api.bodies import Body, misfit

MISFIT = "This does not fit the demo"
# The errors of runs and demos, with the status and the title of the response.
ERRORS: dict[type[QuizError], tuple[int, str]] = {
    UnknownDemo: (404, "There is no such demo"),
    UnknownRun: (404, "There is no such run"),
    Evicted: (410, "This run is gone"),
    ParameterError: (422, MISFIT),
    Unbreakable: (409, "This cannot be broken"),
    Unavailable: (409, "This cannot run here yet"),
    QueueFull: (503, "Too many runs wait"),
}


class ApiRequest(Request):
    """A request whose body FastAPI leaves to the model: see quiz.web.features.api.bodies."""

    async def json(self) -> Any:
        return await self.body()


class ApiRoute(APIRoute):
    """Raises HttpError for what callers did wrong and for what the runs refuse."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        keys = _body_keys(self)

        async def answer(request: Request) -> Response:
            try:
                return await handle(ApiRequest(request.scope, request.receive))
            except RequestValidationError as error:
                raise HttpError(422, MISFIT, misfit(error.errors(), keys)) from error
            except tuple(ERRORS) as error:
                raise _http_error(error) from error

        return answer


def _body_keys(route: APIRoute) -> list[str]:
    """The keys that the request body of a route can have."""
    model = route.body_field.field_info.annotation if route.body_field else None
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, Body) else []


def _http_error(error: QuizError) -> HttpError:
    status, title = next(found for kind, found in ERRORS.items() if isinstance(error, kind))
    headers = {}
    if isinstance(error, QueueFull):
        headers["Retry-After"] = str(error.retry_after)
    return HttpError(status, title, str(error), headers=headers)
