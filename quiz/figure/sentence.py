"""What happened, in two or three sentences. A clause is said only where the facts hold it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from quiz.figure import words
from quiz.figure.callers import Callers
from quiz.figure.model import Sentence
from quiz.figure.words import duration, listed, short_error
from quiz.timeline import CLIENT, Event, Response, Span, Timeline

MANY = 6  # with more calls than these they are summed up by name
AT_ONCE_MS = 15.0  # "when it ended": the next began within this
BLOCKED_MS = 50.0
WAITED_MS = 20.0
NUMBER = "\x1f"  # stands around a number to stress while the text is put together


def tell(timeline: Timeline, *, live: bool = False) -> Sentence:
    callers = Callers((span for span in timeline.spans if span.is_call), timeline.events)
    calls = callers.outermost
    background = callers.unwrapped([span for span in calls if span.background])
    never = [] if live else _never_started(timeline)
    told = [
        _answers(timeline.responses, live),
        _work(background, never, live),
        *_handlers(calls, bool(background or never), live),
        _whole(timeline, background, live),
        _waited(timeline.spans),
        _blocked(timeline),
        *_killed(timeline),
        *_died(timeline),
    ]
    text = " ".join(f"{clause}." for clause in told if clause)
    pieces = text.split(NUMBER)
    return Sentence(tuple((piece, bool(i % 2)) for i, piece in enumerate(pieces) if piece))


def _b(ms: float) -> str:
    return f"{NUMBER}{duration(ms)}{NUMBER}"


# What the client had.


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
    """ "GET /ping had its 200 after 1.00 s and 2 ms": each counts from its own asking."""
    took = [r.received_ms - r.request_ms for r in responses if r.received_ms is not None]
    status = responses[0].status
    if len(took) < len(responses) or len({r.status for r in responses}) > 1:
        return "; ".join(_one_of(response, live) for response in responses)
    return f"{responses[0].name} had its {status or 'answer'} after {listed(list(map(_b, took)))}"


def _only_answer(response: Response, live: bool) -> str:
    if response.received_ms is not None:
        status = response.status or "answer"
        return f"The client had its {status} after {_b(response.received_ms - response.request_ms)}"
    if response.sent_ms is not None:
        status = response.status or "answer"
        return f"The server sent its {status} after {_b(response.sent_ms - response.request_ms)}"
    return "The client waits for its answer" if live else "The client got no answer"


def _one_of(response: Response, live: bool) -> str:
    if response.received_ms is not None:
        took = _b(response.received_ms - response.request_ms)
        return f"{response.name} had its {response.status or 'answer'} after {took}"
    if live and response.sent_ms is not None:
        return f"{response.name} has been sent its {response.status or 'answer'}"
    return f"{response.name} waits for its answer" if live else f"{response.name} got no answer"


def _many_answers(responses: Sequence[Response], live: bool) -> str:
    took = [r.received_ms - r.request_ms for r in responses if r.received_ms is not None]
    if not took:
        return "" if live else f"None of the {len(responses)} requests got an answer"
    statuses = sorted({r.status for r in responses if r.received_ms is not None and r.status})
    kinds = listed([str(status) for status in statuses])
    within = f"after {_range(took)}"
    number = f"{len(took)} of {len(responses)}"
    if len(took) == len(responses):
        number = "Both" if len(took) == 2 else f"All {len(took)}"
    if len(statuses) > 1:
        return f"{number} requests were answered {within}, with {kinds}"
    return f"{number} requests had their {kinds or 'answer'} {within}"


def _range(took: Sequence[float]) -> str:
    least, most = min(took), max(took)
    return _b(least) if duration(least) == duration(most) else f"{_b(least)} to {_b(most)}"


# What the app did.


def _handlers(calls: Sequence[Span], has_background: bool, live: bool) -> list[str]:
    """What no background list started: told when it failed, or when nothing else is to tell."""
    others = [s for s in calls if not s.background and s.start_ms >= 0]
    if has_background:
        others = [span for span in others if span.ended_by in ("failed", "timed_out")]
    names = dict.fromkeys(span.name for span in others)
    if len(names) == len(others) <= MANY:
        return [_took(span, live) for span in others]
    return [_summed(name, others, live) for name in names]


def _took(span: Span, live: bool) -> str:
    if span.end_ms is None:
        return f"{_called(span)} {_is(words.ending(span, live))}"
    took = _b(span.end_ms - span.start_ms)
    word = words.ending(span, live)
    if not word:
        return f"{_called(span)} took {took}"
    error = f": {short_error(span.error)}" if span.error else ""
    return f"{_called(span)} {_passive(word)} after {took}{error}"


def _called(span: Span) -> str:
    return span.name if span.attempt == 1 else f"{span.name}, attempt {span.attempt},"


def _passive(word: str) -> str:
    return f"was {word}" if word == "cancelled" else word


def _never_started(timeline: Timeline) -> list[str]:
    """Promised, and no call of that name is to be seen."""
    started = {span.name for span in timeline.spans}
    return [name for name in timeline.facts.get("lost", []) if name not in started]


def _work(spans: Sequence[Span], never: Sequence[str], live: bool) -> str:
    names = dict.fromkeys(span.name for span in spans)
    if len(spans) > MANY or (len(spans) > 2 and len(names) == 1):
        clauses = [_summed(name, spans, live) for name in names]
    else:
        clauses = _one_by_one(spans, live)
    if never:
        clauses.append(f"{listed(list(never))} never started")
    return "; ".join(clauses)


def _one_by_one(spans: Sequence[Span], live: bool) -> list[str]:
    clauses: list[str] = []
    before: list[Span] = []
    for group in _together(spans):
        follows = len(before) == 1 and len(group) == 1
        if len(group) > 1:
            clauses += _overlapping(group, live)
        elif follows and (since := _since(before[0], group[0], len(clauses) == 1)):
            clauses.append(_began(group[0], since, live))
        else:
            clauses.append(_took(group[0], live))
        before = group
    return clauses


def _together(spans: Sequence[Span]) -> list[list[Span]]:
    """Calls that hang together by overlapping in time."""
    groups: list[list[Span]] = []
    until = 0.0
    for span in spans:
        end = _last(span)
        if groups and span.start_ms < until:
            groups[-1].append(span)
            until = max(until, end)
        else:
            groups.append([span])
            until = end
    return groups


def _since(before: Span, span: Span, is_second: bool) -> str:
    """ "when it ended", where that is so."""
    if before.end_ms is None or span.start_ms - before.end_ms > AT_ONCE_MS:
        return ""
    return "when it ended" if is_second else f"when {before.name} ended"


def _began(span: Span, since: str, live: bool) -> str:
    begun = f"{span.name} started {since}"
    word = words.ending(span, live)
    if not word:
        return begun
    if span.end_ms is None:
        return f"{begun} and {_is(word)}"
    error = f": {short_error(span.error)}" if span.error else ""
    return f"{begun} and {_passive(word)} after {_b(span.end_ms - span.start_ms)}{error}"


def _is(word: str) -> str:
    return f"is {word}" if word.startswith("still") else word


def _overlapping(group: Sequence[Span], live: bool) -> list[str]:
    whole, rest = _container(group)
    clauses = []
    if whole is not None:
        clauses.append(_took(whole, live))
    if len(rest) == 1:
        clauses.append(f"{_timed(rest[0])} ran within that time")
    else:
        names = listed([_timed(span) for span in rest])
        start = max(span.start_ms for span in rest)
        ends = [span.end_ms for span in rest if span.end_ms is not None]
        same = not ends or start < min(ends)
        within = "within that time " if whole is not None else ""
        how = "ran at the same time" if same else "overlapped"
        clauses.append(f"{within}{names} {how}")
    return clauses + [_took(span, live) for span in rest if words.ending(span, live)]


def _container(group: Sequence[Span]) -> tuple[Span | None, list[Span]]:
    """A call that began before and ended after all others of its group, and those."""
    first, *others = group
    ends = [span.end_ms for span in others]
    if first.end_ms is None or any(end is None or end > first.end_ms for end in ends):
        return None, list(group)
    return first, others


def _timed(span: Span) -> str:
    if span.end_ms is None or not _went_well(span):
        return span.name
    return f"{span.name} ({_b(span.end_ms - span.start_ms)})"


def _summed(name: str, spans: Sequence[Span], live: bool) -> str:
    calls = [span for span in spans if span.name == name]
    took = [s.end_ms - s.start_ms for s in calls if s.end_ms is not None and _went_well(s)]
    clause = f"{name} ran {len(calls)} times" if len(calls) > 1 else f"{name} ran"
    if took:
        clause += f", {_range(took)} each" if len(calls) > 1 else f", {_range(took)}"
    if (most_at_once := at_once(calls)) > 1:
        clause += f", at most {most_at_once} at the same time"
    ends = Counter(words.outcome(span, live) for span in calls)
    odd = (f"{number} {word}" for word, number in ends.items() if word)
    return "; ".join([clause, *odd])


def _went_well(span: Span) -> bool:
    return span.ended_by == "succeeded"


def at_once(spans: Iterable[Span]) -> int:
    """How many of them were there at the same time; one that ends makes room before one begins."""
    changes = []
    for span in spans:
        changes.append((span.start_ms, 1))
        changes.append((_last(span), -1))
    number = most = 0
    for _, change in sorted(changes):
        number += change
        most = max(most, number)
    return most


def _last(span: Span) -> float:
    """Its end, or the end of its process; infinite while it goes on."""
    last = span.end_ms if span.end_ms is not None or not span.parts else span.parts[-1].end_ms
    return float("inf") if last is None else last


# What it amounts to.


def _whole(timeline: Timeline, background: Sequence[Span], live: bool) -> str:
    if live or len(background) < 2 or any(span.end_ms is None for span in background):
        return ""
    whole = timeline.facts.get("background_ms")
    return f"Background work: {_b(whole)}" if whole is not None else ""


def _waited(spans: Sequence[Span]) -> str:
    waits = [
        ((part.end_ms or part.start_ms) - part.start_ms, span.name, span.lane)
        for span in spans
        for part in span.parts
        # What lies before a further attempt is the retry's own wait.
        if part.state == "queued" and span.attempt == 1
    ]
    ms, name, lane = max(waits, default=(0.0, "", ""))
    if ms < WAITED_MS:
        return ""
    longest = " longest" if len(waits) > 1 else ""
    what = "a thread" if lane == "thread pool" else "a worker"
    return f"{name} waited{longest} for {what}: {_b(ms)}"


def _blocked(timeline: Timeline) -> str:
    ms = timeline.facts.get("loop_blocked_ms", 0.0)
    return f"The event loop was blocked for {_b(ms)}" if ms >= BLOCKED_MS else ""


def _killed(timeline: Timeline) -> list[str]:
    """What was ended from outside, and the connection that was closed so."""
    return [
        _ended(event)
        for event in timeline.events
        if (event.event == "killed" or event.by_hand) and event.at_ms >= 0
    ][:3]


def _ended(event: Event) -> str:
    if event.lane == CLIENT:
        return f"The client's connection was closed by hand after {_b(event.at_ms)}"
    return f"The {event.name} process {words.how_ended(event)} after {_b(event.at_ms)}"


def _died(timeline: Timeline) -> list[str]:
    """Programs that ended of an error of their own."""
    return [
        f"The {process.name} process ended after {_b(process.end_ms)}: {short_error(process.error)}"
        for process in timeline.processes
        if process.error and process.end_ms is not None and process.end_ms >= 0
    ][:3]
