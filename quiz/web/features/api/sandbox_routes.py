"""The JSON under /sandbox: demos, their runs, events and traces. openapi.yaml describes it."""

import dataclasses
import json
import math
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, get_args

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from quiz.demos.model import Break, Demo, ParameterError, Variant
from quiz.figure import draw
from quiz.figure.text import plain
from quiz.runs.errors import Evicted, QueueFull, Unavailable, Unbreakable, UnknownDemo, UnknownRun
from quiz.runs.run import Run
from quiz.runs.serialization import event_json, run_json
from quiz.timeline.chrome_trace import trace_json
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import API, guest_address, has_cookie, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.sse import event_stream, message, unless_stopping
from quiz.web.features.api.openapi import document

router = FeatureRouter(RouteRules(sets_cookie=False), prefix=API)

# A caller may wait for a run, but not hold a connection for ever.
LONGEST_WAIT = 60
LAST_EVENT = re.compile("[0-9]{0,9}")
KEYS = ("variant", "environment", "parameters")


@router.get("")
async def demos(request: Request) -> Response:
    known = state(request)["shelf"].catalog.demos.values()
    return JSONResponse({"demos": [_demo(request, demo) for demo in known]})


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    return JSONResponse(document(state(request)["shelf"].catalog.demos))


@router.post("/{demo}/runs")
async def start(request: Request, demo: str) -> Response:
    asked = _asked(await request.body())
    wait = _wait(request.headers.get("prefer", ""))
    caller = learner(request) if has_cookie(request) else None
    with _refusals():
        run = await state(request)["runs"].start(
            demo, **asked, learner=caller, address=guest_address(request)
        )
    applied = {}
    if wait is not None:
        applied["Preference-Applied"] = f"wait={wait}"
        run = await unless_stopping(request, state(request)["runs"].wait(run.id, wait)) or run
    if run.is_over:
        return _shown(request, run, applied | {"Content-Location": _address(run)})
    return _accepted(request, run, applied)


@router.get("/runs/{id}")
async def show(request: Request, id: str) -> Response:
    return _shown(request, await _run(request, id), {})


@router.get("/runs/{id}/events")
async def events(request: Request, id: str) -> Response:
    run = await _run(request, id)
    seen = _last_event(request.headers.get("last-event-id", ""))
    if seen and run.is_over and seen >= len(run.events):
        # What a browser's EventSource takes as: do not connect again.
        return Response(status_code=204)
    return event_stream(request, _events(request, id, seen))


@router.get("/runs/{id}/trace")
async def trace(request: Request, id: str) -> Response:
    run = await _run(request, id)
    names = ("id", "demo", "variant", "environment", "parameters", "status", "versions")
    about = {name: getattr(run, name) for name in names}
    headers = {"Content-Disposition": f'attachment; filename="{run.demo}-{run.id}.json"'}
    return JSONResponse(trace_json(run.timeline, about), 200, headers)


@router.delete("/runs/{id}")
async def cancel(request: Request, id: str) -> Response:
    run = await _own(request, id)
    await state(request)["runs"].cancel(run.id)
    return JSONResponse({"id": run.id, "status": run.status})


@router.post("/runs/{id}/break")
async def break_(request: Request, id: str) -> Response:
    run = await _own(request, id)
    given = _object(await request.body())
    what = given.get("what")
    if not isinstance(what, str) or what not in get_args(Break) or len(given) > 1:
        _unfit("what", f"must be the only word, one of: {', '.join(get_args(Break))}")
    with _refusals():
        await state(request)["runs"].break_(run.id, what)
    return JSONResponse({"id": run.id, "status": run.status}, 202, {"Location": _address(run)})


# What was asked.


def _asked(body: bytes) -> dict[str, Any]:
    """The body's three parts, of the right shape. Raises HttpError 422, its parameter first."""
    given = _object(body)
    for key in given:
        if key not in KEYS:
            _unfit(key, f"is not known here. There are: {', '.join(KEYS)}")
    for key in KEYS[:2]:
        if not isinstance(given.get(key), str | None):
            _unfit(key, f"must be a text, not {_kind(given[key])}")
    parameters = given.get("parameters")
    if not isinstance(parameters, dict | None):
        _unfit("parameters", f"must be a JSON object, not {_kind(parameters)}")
    for name, value in (parameters or {}).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            _unfit(name, f"must be a number, not {_kind(value)}")
    return given


def _object(body: bytes) -> dict[str, Any]:
    given = _json(body) if body.strip() else {}
    if not isinstance(given, dict):
        _unfit("body", f"must be a JSON object, not {_kind(given)}")
    return given


def _json(body: bytes) -> Any:
    try:
        given = json.loads(body, parse_constant=_no_constant)
        # JSON may write half a surrogate pair, which is no text that could be kept or sent.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        _unfit("body", f"must be JSON in UTF-8: {reason}")
    return given


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _unfit(name: str, reason: str) -> NoReturn:
    raise HttpError(422, "This does not fit the demo", f"{name}: {reason}.")


def _kind(value: object) -> str:
    """What a JSON value is called."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    kinds: dict[type, str] = {str: "a text", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number")


def _wait(prefer: str) -> int | None:
    """Seconds of `Prefer: wait=10`. Another preference is passed over, as RFC 7240 has it."""
    for preference in prefer.split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        seconds = value.strip().strip('"')
        if name.strip().lower() == "wait" and seconds.isascii() and seconds.isdigit():
            return min(int(seconds[:9]), LONGEST_WAIT)
    return None


def _last_event(header: str) -> int:
    if not LAST_EVENT.fullmatch(header):
        _unfit("Last-Event-ID", "must be the id of an event, a whole number")
    return int(header or 0)


# What is answered.


@contextmanager
def _refusals() -> Iterator[None]:
    """The sandbox's errors in the words of HTTP."""
    try:
        yield
    except UnknownDemo as error:
        raise HttpError(404, "There is no such demo", str(error)) from error
    except UnknownRun as error:
        raise HttpError(404, "There is no such run", str(error)) from error
    except Evicted as error:
        raise HttpError(410, "This run is gone", str(error)) from error
    except ParameterError as error:
        raise HttpError(422, "This does not fit the demo", f"{error}") from error
    except Unbreakable as error:
        raise HttpError(409, "This cannot be broken", str(error)) from error
    except Unavailable as error:
        raise HttpError(409, "This cannot run here yet", str(error)) from error
    except QueueFull as error:
        headers = {"Retry-After": str(error.retry_after)}
        raise HttpError(503, "Too many runs wait", str(error), headers=headers) from error


async def _run(request: Request, id: str) -> Run:
    with _refusals():
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
    """The run as it is, as JSON or as text."""
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
    said = f"{run.demo}, {run.variant}, in {run.environment}: {run.status}."
    if run.reason:
        said += f" {run.reason}"
    return f"{said}\n{plain(draw(run.timeline))}"


async def _events(request: Request, id: str, seen: int) -> AsyncIterator[str]:
    async for run in state(request)["runs"].watch(id):
        new = run.events[seen:]
        for event in new:
            yield message(json.dumps(event_json(event)), id=str(event.id))
        seen += len(new)


def _demo(request: Request, demo: Demo) -> dict[str, Any]:
    return {
        "name": demo.name,
        "title": demo.title,
        "topic": demo.topic,
        "summary": demo.summary,
        "parameters": demo.json_schema(),
        "extra": [dataclasses.asdict(fact) for fact in demo.extra.values()],
        "curves": [dataclasses.asdict(curve) for curve in demo.curves.values()],
        "variants": [_variant(request, variant) for variant in demo.variants.values()],
    }


def _variant(request: Request, variant: Variant) -> dict[str, Any]:
    needs = state(request)["runs"].needs(variant, variant.environments[0])
    return {
        "name": variant.name,
        "title": variant.title,
        "summary": variant.summary,
        "environments": list(variant.environments),
        "available": needs is None,
        "needs": needs,
        "seconds": variant.takes,
        "breaks": list(variant.breaks),
    }
