"""The JSON of the sandbox API, as it is sent. FastAPI makes the OpenAPI document from these models.

Knows no request and no route. All times are milliseconds since the first request of the client.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from quiz.demos.model import Break
from quiz.runs.run import Status
from quiz.timeline.model import EVENTS, State

Named = dict[str, str]
Values = dict[str, int | float]
EventName = Annotated[str, Field(json_schema_extra={"enum": list(EVENTS)})]


class Extra(BaseModel):
    """A fact or a curve that a demo's scenario adds to those of every run."""

    name: str = Field(description="A claim reads the fact as `extra.<name>`.")
    title: str = Field(description="The name for people.")
    about: str = Field(description="What is counted or measured.")
    unit: str = Field(description="Empty if the value has no unit.")


class Variant(BaseModel):
    """An alternative of a demo."""

    name: str = Field(description="The value of `variant` in a request.")
    title: str = Field(description="The name for people.")
    summary: str = Field(description="What the variant shows.")
    environments: list[str] = Field(min_length=1, description="The first one is the default.")
    available: bool = Field(description="Whether the variant can run on this machine.")
    needs: str | None = Field(description="What is missing, and the command that installs it.")
    seconds: float = Field(description="Expected duration of a run.")
    breaks: list[Break] = Field(description="What can be broken during a run.")


class Demo(BaseModel):
    """A pattern of background work that can run."""

    name: str = Field(description="The demo's name in addresses.")
    title: str = Field(description="The name for people.")
    topic: str = Field(description="The topic that the demo belongs to.")
    summary: str = Field(description="What the demo shows.")
    parameters: dict[str, Any] = Field(
        description="JSON Schema of the parameters of all variants, with bounds and defaults."
    )
    extra: list[Extra] = Field(description="Facts that only this demo has.")
    curves: list[Extra] = Field(description="Values that the demo measures repeatedly.")
    variants: list[Variant] = Field(description="The first one is the default.")


class Demos(BaseModel):
    """All demos."""

    demos: list[Demo] = Field(description="The demos, sorted by name.")


class Started(BaseModel):
    """A run's id and status."""

    id: str = Field(description="The id of the run.")
    status: Status = Field(description="What the run is doing, or how it ended.")


class Event(BaseModel):
    """Something that happened at one moment."""

    id: int = Field(description="Events are numbered from 1 in the order in which they arrived.")
    at_ms: float = Field(description="When it happened.")
    name: str = Field(description="The function, request or process.")
    event: EventName = Field(description="What happened.")
    lane: str = Field(description="The row of the timeline.")
    process: int = Field(description="The process id.")
    thread: str = Field(description="The name of the thread.")
    detail: dict[str, Any] = Field(description="Values that this kind of event adds.")


class Part(BaseModel):
    """A stretch of a span, in one state."""

    state: State = Field(
        description="`running` holds the thread, `suspended` leaves it free, `queued` waits to"
        " start, and `alive` is an object in memory."
    )
    start_ms: float = Field(description="The start of the stretch.")
    end_ms: float | None = Field(description="The end; null if it never ended.")
    lane: str = Field(description="The row of the timeline.")
    thread: str = Field(description="The name of the thread.")


class Span(BaseModel):
    """A call of the demo's code, or a request of the client, from its start to its end."""

    name: str = Field(description="The function or the request.")
    lane: str = Field(description="The row of the timeline at the start.")
    process: int = Field(description="The process id at the start.")
    thread: str = Field(description="The name of the thread at the start.")
    start_ms: float = Field(description="When the call started.")
    end_ms: float | None = Field(description="When the call ended; null if it never ended.")
    attempt: int = Field(description="1 for the first attempt of a job, 2 for its first retry.")
    error: str | None = Field(description="The exception that ended the call.")
    background: bool = Field(description="Whether the call ran in the background.")
    parts: list[Part] = Field(description="What the span consists of, sorted by start.")


class Curve(BaseModel):
    """The values that a scenario measured repeatedly."""

    name: str = Field(description="The name of the curve.")
    title: str = Field(description="The name for people.")
    unit: str = Field(description="The unit of the values.")
    points: list[tuple[float, float]] = Field(description="Pairs of milliseconds and value.")


class Run(Started):
    """A run and everything that was observed in it. What did not happen is null or absent."""

    demo: str = Field(description="The demo that runs.")
    variant: str = Field(description="The variant that runs.")
    environment: str = Field(description="The environment, which is a locked set of packages.")
    parameters: Values = Field(description="The values of all parameters.")
    versions: Named = Field(description="The versions of Python and of the packages.")
    source: Named = Field(description="The files that ran, with the values in them.")
    output: str = Field(description="What the processes printed.")
    events: list[Event] = Field(description="The events, sorted by time.")
    spans: list[Span] = Field(description="The spans, sorted by start.")
    facts: dict[str, Any] = Field(description="The values that claims read.")
    extra: dict[str, Any] = Field(description="The demo's own facts, with title and unit.")
    curves: list[Curve] = Field(description="The curves that have points.")
    breaks: list[Break] = Field(description="What can be broken during the run.")
    broken: list[Break] = Field(description="What a learner broke, in this order.")
    seconds: float = Field(description="Expected duration.")
    place: int | None = Field(description="Place in the queue; 1 is next.")
    wait_seconds: float | None = Field(description="Expected time in the queue.")
    steps: list[str] = Field(description="What the scenario did so far, as sentences.")
    fault: Literal["demo", "limit", "app"] | None = Field(
        description="What made the run fail: the demo, a limit, or this app."
    )
    reason: str | None = Field(description="Why the run did not finish.")
    timing_error_ms: float | None = Field(description="How far the times can be off.")
    zero_ns: int | None = Field(description="Zero on the machine's monotonic clock.")
    disturbed: bool = Field(description="Whether the machine was too busy to measure times.")
    truncated: bool = Field(
        description="Whether there were more events than are kept. Facts that the missing events"
        " could change are absent."
    )
    contradictions: list[str] = Field(
        description="Events that cannot both be true. Such a run proves nothing."
    )
    events_seen: int = Field(description="The number of events, with those that are not kept.")
    created: datetime | None = Field(description="When the run was requested.")
    started: datetime | None = Field(description="When the run left the queue.")
    ended: datetime | None = Field(description="When the run ended.")


class TraceEvent(BaseModel):
    """An entry of Chrome's trace-event format."""

    ph: str = Field(description="The kind of entry, such as X for a span.")
    name: str = Field(description="The function, request or thread.")
    pid: int = Field(description="The process id.")
    tid: int = Field(description="The number of the track.")
    ts: float = Field(description="Microseconds since the first entry.")


class Trace(BaseModel):
    """Chrome's trace-event JSON, which ui.perfetto.dev opens."""

    traceEvents: list[TraceEvent] = Field(description="The entries.")
    displayTimeUnit: str = Field(description="The unit in which a viewer shows times.")
    otherData: dict[str, Any] = Field(description="What ran, and with which versions.")


class Document(BaseModel):
    """An OpenAPI document."""

    openapi: str = Field(description="The version of OpenAPI.")
    info: dict[str, Any] = Field(description="The title, description and version of the API.")
    paths: dict[str, Any] = Field(description="The requests.")
    components: dict[str, Any] = Field(description="The shapes.")


class Problem(BaseModel):
    """An error as RFC 9457 defines it."""

    type: str = Field(description="Always `about:blank`.")
    title: str = Field(description="What went wrong.")
    status: int = Field(description="The status of the response.")
    detail: str = Field(description="Where it went wrong and what to do.")
    instance: str = Field(description="The path of the request.")
