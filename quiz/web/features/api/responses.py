"""The responses of the sandbox API, as FastAPI wants them for its OpenAPI document.

FastAPI lists errors as application/json; `openapi_routes` corrects that to problem+json.
"""

from typing import Any

from quiz.web.features.api.models import Problem, Run, Started, Trace

Responses = dict[int | str, dict[str, Any]]


def _error(description: str) -> dict[str, Any]:
    return {"model": Problem, "description": description}


def _header(description: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "description": description}


TEXT = {"text/plain": {"schema": {"type": "string"}}}
APPLIED = _header("The preference that the server followed.")
LOCATION = _header("The address of the run.")

ERROR = _error("What went wrong, where, and what to do.")
GONE = _error("The run was here. Its record was deleted to make room for newer runs.")
MISFIT = _error("A value does not fit. The detail begins with its name.")
NOT_YOURS = _error("Another learner or the class started this run.")
TOO_LARGE = _error("The body is too large.")
UNKNOWN = _error("Nothing has this name.")

KNOWN: Responses = {404: UNKNOWN, 410: GONE}
SHOWN: Responses = {200: {"model": Run, "description": "The run.", "content": TEXT}, **KNOWN}
OWN: Responses = {403: NOT_YOURS, **KNOWN}
TRACE: Responses = {200: {"model": Trace, "description": "The trace."}, **KNOWN}
EVENTS: Responses = {
    200: {"description": "The events."},
    204: {"description": "The run is over, and the header named its last event."},
    422: MISFIT,
    **KNOWN,
}
STARTED: Responses = {
    200: {
        "model": Run,
        "description": "The finished run.",
        "headers": {"Content-Location": LOCATION, "Preference-Applied": APPLIED},
        "content": TEXT,
    },
    202: {
        "model": Started,
        "description": "The run is not over yet.",
        "headers": {
            "Location": LOCATION,
            "Retry-After": _header("The expected seconds until the run is over."),
            "Preference-Applied": APPLIED,
        },
        "content": TEXT,
    },
    404: UNKNOWN,
    409: _error("Something is not installed. The detail names the command that installs it."),
    413: TOO_LARGE,
    422: MISFIT,
    503: {
        **_error("Too many runs are waiting."),
        "headers": {"Retry-After": _header("The seconds until the next try.")},
    },
}
BROKEN: Responses = {
    202: {
        "model": Started,
        "description": "The run receives the order.",
        "headers": {"Location": LOCATION},
    },
    409: _error("This run does not allow it, has not started, or is over."),
    413: TOO_LARGE,
    422: MISFIT,
    **OWN,
}
