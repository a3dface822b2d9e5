"""A run in two or three sentences. Each clause is included only if the events prove it."""

from collections.abc import Sequence

from quiz.figure import words
from quiz.figure.marks.callers import Callers
from quiz.figure.model import Sentence
from quiz.figure.words import listed, short_error
from quiz.figure.work import NUMBER, Work, from_to, stressed
from quiz.timeline import BLOCKED_FROM_MS, CLIENT, Event, Response, Span, Timeline

WAITED_MS = 20.0


def tell(timeline: Timeline, *, live: bool = False) -> Sentence:
    clauses = _known(timeline) if timeline.truncated else _all(timeline, live)
    text = " ".join(f"{clause}." for clause in clauses if clause)
    pieces = text.split(NUMBER)
    return Sentence(tuple((piece, bool(i % 2)) for i, piece in enumerate(pieces) if piece))


def _all(timeline: Timeline, live: bool) -> list[str]:
    callers = Callers((span for span in timeline.spans if span.is_call), timeline.events)
    calls = callers.outermost
    background = callers.unwrapped([span for span in calls if span.background])
    never = [] if live else _never_started(timeline)
    work = Work(live, timeline.timing_error_ms)
    return [
        _answers(timeline.responses, live),
        work.told(background, never),
        *work.handlers(calls, bool(background or never)),
        _whole(timeline, background, live),
        _waited(timeline.spans),
        _blocked(timeline),
        *_killed(timeline),
        *_died(timeline),
        _stopped(timeline),
    ]


def _known(timeline: Timeline) -> list[str]:
    """The clauses that missing events cannot change: which responses arrived."""
    answered = [response for response in timeline.responses if response.received_ms is not None]
    kept = f"Only the first {len(timeline.events):,} events of this run were kept"
    if len(answered) > 4:
        took = [_took_ms(response) for response in answered]
        return [kept, f"At least {len(answered)} requests were answered, after {from_to(took)}"]
    return [kept, "; ".join(_one_of(response, live=False) for response in answered)]


# What the client received.


def _answers(responses: Sequence[Response], live: bool) -> str:
    if not responses:
        return ""
    if len(responses) == 1:
        return _only_answer(responses[0], live)
    names = dict.fromkeys(response.name for response in responses)
    if len(names) == 1 or len(responses) > 4:
        return _many_answers(responses, live)
    return "; ".join(_of_one_name([r for r in responses if r.name == n], live) for n in names)


def _of_one_name(responses: Sequence[Response], live: bool) -> str:
    """Requests of one name: "GET /ping … 200 after 1.00 s and 2 ms", each from its own start."""
    took = [_took_ms(r) for r in responses if r.received_ms is not None]
    status = responses[0].status
    if len(took) < len(responses) or len({r.status for r in responses}) > 1:
        return "; ".join(_one_of(response, live) for response in responses)
    each = listed([stressed(ms) for ms in took])
    return f"{responses[0].name} had its {status or 'answer'} after {each}"


def _only_answer(response: Response, live: bool) -> str:
    if response.received_ms is not None:
        status = response.status or "answer"
        return f"The client had its {status} after {stressed(_took_ms(response))}"
    if response.sent_ms is not None:
        status = response.status or "answer"
        return (
            f"The server sent its {status} after {stressed(response.sent_ms - response.request_ms)}"
        )
    if response.failed:
        return "The client got no answer"
    return f"The client {'waits' if live else 'was still waiting'} for its answer"


def _one_of(response: Response, live: bool) -> str:
    if response.received_ms is not None:
        took = stressed(_took_ms(response))
        return f"{response.name} had its {response.status or 'answer'} after {took}"
    if live and response.sent_ms is not None:
        return f"{response.name} has been sent its {response.status or 'answer'}"
    if response.failed:
        return f"{response.name} got no answer"
    return f"{response.name} {'waits' if live else 'was still waiting'} for its answer"


def _many_answers(responses: Sequence[Response], live: bool) -> str:
    took = [_took_ms(r) for r in responses if r.received_ms is not None]
    if not took:
        return "" if live else f"None of the {len(responses)} requests got an answer"
    statuses = sorted({r.status for r in responses if r.received_ms is not None and r.status})
    kinds = listed([str(status) for status in statuses])
    within = f"after {from_to(took)}"
    number = f"{len(took)} of {len(responses)}"
    if len(took) == len(responses):
        number = "Both" if len(took) == 2 else f"All {len(took)}"
    if len(statuses) > 1:
        return f"{number} requests were answered {within}, with {kinds}"
    return f"{number} requests had their {kinds or 'answer'} {within}"


def _took_ms(response: Response) -> float:
    return (response.received_ms or 0.0) - response.request_ms


# The outcome.


def _never_started(timeline: Timeline) -> list[str]:
    """Tasks that were scheduled and of which no call was recorded."""
    started = {span.name for span in timeline.spans}
    return [name for name in timeline.facts.get("lost", []) if name not in started]


def _whole(timeline: Timeline, background: Sequence[Span], live: bool) -> str:
    if live or len(background) < 2 or any(span.end_ms is None for span in background):
        return ""
    whole = timeline.facts.get("background_ms")
    return f"Background work: {stressed(whole)}" if whole is not None else ""


def _waited(spans: Sequence[Span]) -> str:
    waits = [
        ((part.end_ms or part.start_ms) - part.start_ms, span.name, span.lane)
        for span in spans
        for part in span.parts
        # The time before another attempt is the wait of the retry.
        if part.state == "queued" and span.attempt == 1
    ]
    ms, name, lane = max(waits, default=(0.0, "", ""))
    if ms < WAITED_MS:
        return ""
    longest = " longest" if len(waits) > 1 else ""
    what = "a thread" if lane == "thread pool" else "a worker"
    return f"{name} waited{longest} for {what}: {stressed(ms)}"


def _blocked(timeline: Timeline) -> str:
    """The blocks of the event loop, as in the picture: the longest and the total."""
    blocks: dict[int, list[float]] = {}
    for block in timeline.blocks:
        if block.ms >= BLOCKED_FROM_MS:
            blocks.setdefault(block.process, []).append(block.ms)
    if len(blocks) > 1:
        totals = listed([stressed(sum(each)) for each in blocks.values()])
        return f"{len(blocks)} event loops were blocked, for {totals}"
    for each in blocks.values():
        if len(each) == 1:
            return f"The event loop was blocked for {stressed(each[0])}"
        times = "twice" if len(each) == 2 else f"{len(each)} times"
        total, most = stressed(sum(each)), stressed(max(each))
        return f"The event loop was blocked {times}: {total} in total, {most} at most"
    return ""


def _killed(timeline: Timeline) -> list[str]:
    """Programs that were killed from outside, and the closed connection."""
    return [
        _ended(event)
        for event in timeline.events
        if (event.event == "killed" or event.by_hand) and event.at_ms >= 0
    ][:3]


def _ended(event: Event) -> str:
    if event.lane == CLIENT:
        return f"The client's connection was closed by hand after {stressed(event.at_ms)}"
    return f"The {event.name} process {words.how_ended(event)} after {stressed(event.at_ms)}"


def _died(timeline: Timeline) -> list[str]:
    """Programs that ended with their own error."""
    return [
        f"The {process.name} process ended after {stressed(process.end_ms)}:"
        f" {short_error(process.error)}"
        for process in timeline.processes
        if process.error and process.end_ms is not None and process.end_ms >= 0
    ][:3]


def _stopped(timeline: Timeline) -> str:
    ms = timeline.stopped_ms
    if ms is None:
        return ""
    if ms < 0:
        return "The run was stopped before its first request"
    return f"The run was stopped after {stressed(ms)}"
