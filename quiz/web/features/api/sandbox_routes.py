"""The JSON API under /sandbox: demos, their runs, events and traces.

The docstrings of the routes are the descriptions in the OpenAPI document.
"""

import dataclasses
import json
import math
import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Body, Header, Path, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from quiz.demos import model as demos_model
from quiz.figure import draw
from quiz.figure.text import plain
from quiz.runs.run import Run
from quiz.runs.serialization import event_json, run_json
from quiz.timeline.chrome_trace import trace_json
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import API, guest_address, has_cookie, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.sse import EventStream, event_stream, message, unless_stopping
from quiz.web.features.api import models, responses
from quiz.web.features.api.api_route import ApiRoute
from quiz.web.features.api.bodies import BreakRequest, RunRequest

# The longest time for which a request can wait for a run.
LONGEST_WAIT_SECONDS = 60
LAST_EVENT = re.compile("[0-9]{0,9}")
DEFAULTS = RunRequest()


def _wait_seconds(prefer: object) -> int | None:
    """Seconds of `Prefer: wait=10`. Other preferences are ignored, as RFC 7240 says."""
    for preference in str(prefer).split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        seconds = value.strip().strip('"')
        if name.strip().lower() == "wait" and seconds.isascii() and seconds.isdigit():
            return min(int(seconds[:9]), LONGEST_WAIT_SECONDS)
    return None


def _last_event(header: object) -> int:
    if not LAST_EVENT.fullmatch(str(header)):
        raise PydanticCustomError("event_id", "must be the id of an event, a whole number")
    return int(str(header) or 0)


DemoName = Annotated[str, Path(description="The name of a demo.")]
RunId = Annotated[str, Path(description="The id of a run.")]
Wait = Annotated[
    int | None,
    BeforeValidator(_wait_seconds),
    WithJsonSchema({"type": "string"}),
    Header(
        alias="Prefer",
        description="`wait=10` waits for the end of the run, for at most ten seconds. 60 is the"
        " maximum.",
        openapi_examples={"wait": {"summary": "Wait for ten seconds", "value": "wait=10"}},
    ),
]
LastEvent = Annotated[
    int,
    BeforeValidator(_last_event),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{0,9}$"}),
    Header(alias="Last-Event-ID", description="The stream continues after this event."),
]
RunBody = Annotated[
    RunRequest, Body(openapi_examples={"defaults": {"summary": "The defaults", "value": {}}})
]

router = FeatureRouter(
    RouteRules(sets_cookie=False),
    prefix=API,
    route_class=ApiRoute,
    generate_unique_id_function=lambda route: route.name.strip("_"),
    responses={"default": responses.ERROR},
)


@router.get("", tags=["demos"], summary="All demos", response_description="The demos.")
async def demos(request: Request) -> models.Demos:
    """The variants of each demo, the parameters they take, and whether they can run here."""
    known = state(request)["shelf"].catalog.demos.values()
    return models.Demos(demos=[_demo(request, demo) for demo in known])


@router.post(
    "/{demo}/runs",
    tags=["runs"],
    summary="Start a run",
    status_code=202,
    responses=responses.STARTED,
)
async def start(
    request: Request, demo: DemoName, wanted: RunBody = DEFAULTS, wait: Wait = None
) -> Response:
    """Without a body, the first variant runs with its defaults. If a learner with a cookie has a
    run that is not over, the response is about that run. `Prefer: wait=10` gives the finished run,
    and `Accept: text/plain` gives its timeline as text.
    """
    run = await state(request)["runs"].start(
        demo,
        wanted.variant,
        wanted.environment,
        wanted.parameters,
        learner=learner(request) if has_cookie(request) else None,
        address=guest_address(request),
    )
    applied = {}
    if wait is not None:
        applied["Preference-Applied"] = f"wait={wait}"
        run = await unless_stopping(request, state(request)["runs"].wait(run.id, wait)) or run
    if run.is_over:
        return _shown(request, run, applied | {"Content-Location": _address(run)})
    return _accepted(request, run, applied)


@router.get("/runs/{id}", tags=["runs"], summary="A run", responses=responses.SHOWN)
async def show(request: Request, id: RunId) -> Response:
    """`Accept: text/plain` gives the timeline as text."""
    return _shown(request, await _run(request, id), {})


@router.delete(
    "/runs/{id}",
    tags=["runs"],
    summary="Cancel a run",
    response_description="The status of the run.",
    responses=responses.OWN,
)
async def cancel(request: Request, id: RunId) -> models.Started:
    """A run that is over keeps its status. Cancelling it again is not an error."""
    run = await _own(request, id)
    await state(request)["runs"].cancel(run.id)
    return models.Started(id=run.id, status=run.status)


@router.post(
    "/runs/{id}/break",
    tags=["runs"],
    summary="Break something in a run",
    status_code=202,
    responses=responses.BROKEN,
)
async def break_(request: Request, id: RunId, wanted: BreakRequest) -> Response:
    """Kills a process, stops the broker, or closes the client's connection during a run. `breaks`
    of a run names what can be broken. `broken` names what was broken. Such a run proves nothing.
    """
    run = await _own(request, id)
    await state(request)["runs"].break_(run.id, wanted.what)
    return JSONResponse({"id": run.id, "status": run.status}, 202, {"Location": _address(run)})


@router.get(
    "/runs/{id}/events",
    tags=["runs"],
    summary="The events of a run while they happen",
    response_class=EventStream,
    responses=responses.EVENTS,
)
async def events(request: Request, id: RunId, seen: LastEvent = 0) -> Response:
    """Server-sent events. The data of each message is an Event as JSON, and the id of the message
    is the id of the event. The stream ends when the run ends.
    """
    run = await _run(request, id)
    if seen and run.is_over and seen >= len(run.events):
        # A browser's EventSource reconnects after the end of a stream, but not after a 204.
        return Response(status_code=204)
    return event_stream(request, _events(request, id, seen))


@router.get(
    "/runs/{id}/trace", tags=["runs"], summary="A run as a trace", responses=responses.TRACE
)
async def trace(request: Request, id: RunId) -> Response:
    """Chrome's trace-event JSON, which ui.perfetto.dev opens."""
    run = await _run(request, id)
    names = ("id", "demo", "variant", "environment", "parameters", "status", "versions")
    about = {name: getattr(run, name) for name in names}
    headers = {"Content-Disposition": f'attachment; filename="{run.demo}-{run.id}.json"'}
    return JSONResponse(trace_json(run.timeline, about), 200, headers)


async def _run(request: Request, id: str) -> Run:
    return await state(request)["runs"].get(id)


async def _own(request: Request, id: str) -> Run:
    """Raises HttpError 403 for a run that another learner or the class started."""
    run = await _run(request, id)
    if not run.may_be_stopped_by(learner(request)):
        detail = "This run was started by someone else. Send the cookie with which it was started."
        raise HttpError(403, "This run is not yours", detail)
    return run


def _address(run: Run) -> str:
    return f"{API}/runs/{run.id}"


def _shown(request: Request, run: Run, headers: Mapping[str, str]) -> Response:
    """The run in its present state, as JSON or as text."""
    headers = {"Vary": "Accept"} | dict(headers)
    if _wants_text(request):
        return PlainTextResponse(_text(run), 200, headers)
    return JSONResponse(run_json(run), 200, headers)


def _accepted(request: Request, run: Run, headers: Mapping[str, str]) -> Response:
    seconds = max(1, math.ceil(run.seconds + (run.wait_seconds or 0)))
    headers = {"Vary": "Accept", "Retry-After": str(seconds)} | dict(headers)
    headers["Location"] = _address(run)
    if _wants_text(request):
        text = f"The run is {run.status}. Look again at {_address(run)} in {seconds} s.\n"
        return PlainTextResponse(text, 202, headers)
    return JSONResponse({"id": run.id, "status": run.status}, 202, headers)


def _wants_text(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "text/plain" in accept and "application/json" not in accept


def _text(run: Run) -> str:
    heading = f"{run.demo}, {run.variant}, in {run.environment}: {run.status}."
    if run.reason:
        heading += f" {run.reason}"
    return f"{heading}\n{plain(draw(run.timeline))}"


async def _events(request: Request, id: str, seen: int) -> AsyncIterator[str]:
    async for run in state(request)["runs"].watch(id):
        new = run.events[seen:]
        for event in new:
            yield message(json.dumps(event_json(event)), id=str(event.id))
        seen += len(new)


def _demo(request: Request, demo: demos_model.Demo) -> models.Demo:
    return models.Demo(
        name=demo.name,
        title=demo.title,
        topic=demo.topic,
        summary=demo.summary,
        parameters=demo.json_schema(),
        extra=[_extra(fact) for fact in demo.extra.values()],
        curves=[_extra(curve) for curve in demo.curves.values()],
        variants=[_variant(request, variant) for variant in demo.variants.values()],
    )


def _extra(extra: demos_model.Extra) -> models.Extra:
    return models.Extra(**dataclasses.asdict(extra))


def _variant(request: Request, variant: demos_model.Variant) -> models.Variant:
    needs = state(request)["runs"].needs(variant, variant.environments[0])
    return models.Variant(
        name=variant.name,
        title=variant.title,
        summary=variant.summary,
        environments=list(variant.environments),
        available=needs is None,
        needs=needs,
        seconds=variant.takes,
        breaks=list(variant.breaks),
    )
