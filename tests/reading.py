"""Reads a sentence about a run clause by clause and holds each against the raw events.

It shares no code with the sentence: calls, requests and blocks are worked out again here, the slow
way. A clause that it does not know is an error.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from quiz.timeline import Event, RunEnd

D = r"(-?[\d.]+ m?s)"
RANGE = rf"{D}(?: to {D})?"
NAME = r"((?:GET|POST) \S+|[A-Za-z_]\w*)"
CALLED = rf"{NAME}(?:, attempt \d+,)?"
NAMES = r"(.+?)"
STARTED_LITTLE_LATER_MS = 15.0
SHORTEST_BLOCK_MS = 50.0


@dataclass
class Call:
    name: str
    start: float
    process: int
    background: bool
    end: float | None = None
    how: str = ""
    died: float | None = None
    queued: float | None = None

    @property
    def last(self) -> float:
        ends = [at for at in (self.end, self.died) if at is not None]
        return min(ends, default=float("inf"))


@dataclass
class Asked:
    name: str
    at: float
    had: float | None = None
    failed: bool = False
    status: int | None = None


def near(said: str, ms: float) -> bool:
    """Whether a duration as it is written is this one, rounded."""
    number, unit = said.split()
    scale = 1000.0 if unit == "s" else 1.0
    digits = len(number.partition(".")[2])
    return abs(float(number) * scale - ms) <= 0.5 * scale * 10.0**-digits + 1e-6


class Reader:
    def __init__(self, events: Sequence[Event], end: RunEnd | None) -> None:
        self.events = sorted(events, key=lambda event: (event.at_ms, event.id))
        self.end = end
        self.error = end.timing_error_ms if end else 0.0
        self.calls: dict[str, Call] = {}
        self.requests: dict[str, Asked] = {}
        self.queued: dict[str, float] = {}
        for event in self.events:
            self._read(event)

    def __repr__(self) -> str:
        return "\n".join(map(repr, [*self.calls.values(), *self.requests.values(), self.end]))

    def _read(self, event: Event) -> None:
        call = str(event.detail.get("call", ""))
        if event.event == "enqueued":
            due_ms = event.at_ms + event.detail.get("delay_ms", 0.0)
            self.queued[event.detail["queue"]] = due_ms
        elif event.event == "killed":
            for one in self.calls.values():
                if one.process == event.process and one.end is None:
                    one.died = event.at_ms
        elif event.lane == "client":
            self._ask(event, call)
        elif event.event == "started" and call:
            # What lies before a further attempt is no wait for a worker.
            queued = self.queued.pop(str(event.detail.get("queue", "")), None)
            background = bool(event.detail.get("background"))
            self.calls[call] = Call(
                event.name, event.at_ms, event.process, background, queued=queued
            )
        elif call in self.calls and event.event in ("succeeded", "failed", "cancelled"):
            self.calls[call].end, self.calls[call].how = event.at_ms, event.event

    def _ask(self, event: Event, call: str) -> None:
        if event.event == "started":
            self.requests[call] = Asked(event.name, event.at_ms)
        elif event.event == "succeeded":
            self.requests[call].had = event.at_ms
            self.requests[call].status = event.detail.get("status")
        else:
            self.requests[call].failed = True

    # What is asked of the events.

    def named(self, name: str, how: str | None = None) -> list[Call]:
        calls = [call for call in self.calls.values() if call.name == name]
        return [call for call in calls if how is None or call.how == how]

    def took(self, name: str, said: str, how: str) -> bool:
        ended = [call for call in self.named(name, how) if call.end is not None]
        return any(near(said, (call.end or 0.0) - call.start) for call in ended)

    def shared(self, one: Call, other: Call) -> float:
        return min(one.last, other.last) - max(one.start, other.start)

    def blocks(self) -> dict[int, list[float]]:
        """By process: the lengths of the stretches in which some call ran on the loop.

        They are walked from edge to edge.
        """
        processes = dict.fromkeys(event.process for event in self.events)
        found = {process: self._blocks_of(process) for process in processes}
        return {process: lengths for process, lengths in found.items() if lengths}

    def _blocks_of(self, process: int) -> list[float]:
        running: dict[str, bool] = {}
        edges: list[tuple[float, int]] = []
        for event in (event for event in self.events if event.process == process):
            call = str(event.detail.get("call", ""))
            if event.event == "killed":
                edges += [(event.at_ms, -1) for is_on in running.values() if is_on]
                running.clear()
            elif call and event.lane == "event loop":
                is_on = event.event in ("started", "resumed")
                if running.get(call, False) != is_on:
                    edges.append((event.at_ms, 1 if is_on else -1))
                running[call] = is_on
        if self.end:
            edges += [(self.end.at_ms, -1) for is_on in running.values() if is_on]
        # At one instant a call goes on before another stops, so that the loop is held throughout.
        return self._lengths(sorted(edges, key=lambda edge: (edge[0], -edge[1])))

    def _lengths(self, edges: Sequence[tuple[float, int]]) -> list[float]:
        lengths, number, since = [], 0, 0.0
        for at, change in edges:
            if number == 0:
                since = max(at, 0.0)
            number += change
            if number == 0:
                lengths.append(at - since)
        return [length for length in lengths if length >= SHORTEST_BLOCK_MS]


Checks = dict[str, Callable[..., bool]]


def names_of(said: str) -> list[str]:
    """`a (5 ms), b and c` as its names."""
    without = re.sub(r" \([^)]*\)", "", said)
    return re.split(r", | and ", without)


def untrue(text: str, reader: Reader) -> str | None:
    """The first clause that the events contradict, or None if all clauses are true."""
    before = ""
    for sentence in filter(None, text.removesuffix(".").split(". ")):
        for clause in sentence.split("; "):
            if not _is_true(clause, reader, before):
                return clause
            before = clause
    return None


def _is_true(clause: str, reader: Reader, before: str) -> bool:
    for pattern, check in CHECKS.items():
        if found := re.fullmatch(pattern, clause):
            said = found.groups()
            return check(reader, before, *said) if "it ended" in clause else check(reader, *said)
    raise AssertionError(f"No check knows this clause: {clause!r}")


# Answers.


def only_answer(r: Reader, status: str, said: str) -> bool:
    (asked,) = r.requests.values()
    is_status = status == str(asked.status or "answer")
    return asked.had is not None and near(said, asked.had - asked.at) and is_status


def answer_of(r: Reader, name: str, status: str, said: str) -> bool:
    asked = [a for a in r.requests.values() if a.name == name]
    had = [a.had - a.at for a in asked if a.had is not None and str(a.status) == status]
    texts = re.split(r", | and ", said)
    return all(any(near(text, ms) for ms in had) for text in texts) and len(texts) <= len(had)


def many_kinds(r: Reader, number: str, least: str, most: str | None, kinds: str) -> bool:
    return many(r, number, kinds, least, most)


def many(r: Reader, number: str, kinds: str, least: str, most: str | None) -> bool:
    statuses = {str(a.status) for a in r.requests.values() if a.had is not None and a.status}
    if kinds != "answer" and set(re.split(r", | and ", kinds)) != statuses:
        return False
    had = [a.had - a.at for a in r.requests.values() if a.had is not None]
    count = {"Both": 2}.get(number) or int(re.findall(r"\d+", number)[0])
    is_all = number == "Both" or number.startswith("All")
    counted = count == len(had) and (not is_all or count == len(r.requests))
    return counted and near(least, min(had)) and near(most or least, max(had))


def no_answer(r: Reader, name: str) -> bool:
    return any(a.failed and name in (a.name, "The client") for a in r.requests.values())


def still_waiting(r: Reader, name: str) -> bool:
    waiting = [a for a in r.requests.values() if a.had is None and not a.failed]
    return any(name in (a.name, "The client") for a in waiting)


def only_sent(r: Reader, status: str, said: str) -> bool:
    ((asked, sent),) = [
        (a.at, e.at_ms) for a in r.requests.values() for e in r.events if e.event == "responded"
    ]
    return near(said, sent - asked) and status == "200"


def nobody_answered(r: Reader, count: str) -> bool:
    return int(count) == len(r.requests) and all(a.had is None for a in r.requests.values())


def at_least(r: Reader, count: str, least: str, most: str | None) -> bool:
    """Of so many: others may have been answered at any other time."""
    had = [a.had - a.at for a in r.requests.values() if a.had is not None]
    return len(had) >= int(count) and spans(least, most, had)


# Calls.


def took(r: Reader, name: str, said: str) -> bool:
    return r.took(name, said, "succeeded")


def ended(r: Reader, name: str, how: str, said: str, caught: str | None) -> bool:
    word = {"failed": "failed", "was cancelled": "cancelled"}[how]
    return r.took(name, said, word) and (not caught or within(r, name, "succeeded"))


def did_not_end(r: Reader, name: str) -> bool:
    return any(call.end is None and call.died is not None for call in r.named(name))


def still_running(r: Reader, name: str) -> bool:
    return any(call.end is None and call.died is None for call in r.named(name))


def followed(r: Reader, before: str, name: str, _it: str, how: str | None) -> bool:
    first = re.match(NAME, before)
    return first is not None and followed_by(r, name, first[1], how)


def followed_by(r: Reader, name: str, first: str, how: str | None) -> bool:
    gaps = [then.start - one.last for one in r.named(first) for then in r.named(name)]
    follows = any(-r.error <= gap <= STARTED_LITTLE_LATER_MS for gap in gaps)
    return follows and (how is None or _is_true(f"{name} {how.removeprefix(' and ')}", r, ""))


def met(r: Reader, said: str, how: str) -> bool:
    names = names_of(said)
    groups = [r.named(name) for name in set(names)]
    calls = [call for group in groups for call in group]
    if how == "ran at the same time":
        # Of each name as many calls as are named must share an instant.
        instants = [call.start for call in calls]
        return any(
            all(
                sum(c.start <= at and c.last - at > r.error for c in r.named(name))
                >= names.count(name)
                for name in set(names)
            )
            for at in instants
        )
    return any(r.shared(one, other) > r.error for one, other in combinations(calls, 2))


def within(r: Reader, said: str, how: str = "") -> bool:
    """Whether a call (that ended so) goes on around each of these."""
    ended = [call for call in r.calls.values() if call.end is not None]
    outer = [call for call in ended if not how or call.how == how]
    return all(
        any(
            o is not c and o.start <= c.start and c.last <= o.last
            for o in outer
            for c in r.named(name)
        )
        for name in names_of(said)
    )


def one_after_another(r: Reader, said: str) -> bool:
    """Some choice of calls of these names within one call, each over before the next begins."""
    outer = [call for call in r.calls.values() if call.end is not None]
    return any(_one_by_one(r, names_of(said), one) for one in outer)


def _one_by_one(r: Reader, names: Sequence[str], outer: Call) -> bool:
    left = [c for c in r.calls.values() if c is not outer and outer.start <= c.start]
    left = [c for c in left if c.end is not None and c.end <= (outer.end or 0.0)]
    until = -float("inf")
    for name in names:
        later = [c for c in left if c.name == name and c.start >= until - r.error]
        if not later:
            return False
        first = min(later, key=lambda call: call.last)
        left.remove(first)
        until = first.last
    return True


def within_and_met(r: Reader, said: str, how: str) -> bool:
    return within(r, said) and met(r, said, how)


def summed(
    r: Reader,
    name: str,
    times: str | None,
    least: str | None,
    most: str | None,
    at_once: str | None,
) -> bool:
    calls = r.named(name)
    good = [(c.end or 0.0) - c.start for c in calls if c.how == "succeeded"]
    if times and not int(times) <= len(calls):
        return False
    # "3 times, 1.00 s each" says so of all three.
    if least and not (len(good) >= int(times or 1) and spans(least, most, good)):
        return False
    if at_once:
        there = max(
            sum(o.start <= c.start and o.last - c.start > r.error for o in calls) for c in calls
        )
        return int(at_once) <= there
    return True


def spans(least: str, most: str | None, lengths: Sequence[float]) -> bool:
    return any(near(least, ms) for ms in lengths) and any(near(most or least, ms) for ms in lengths)


def some_took(r: Reader, count: str, least: str, most: str | None) -> bool:
    good = [(c.end or 0.0) - c.start for c in r.calls.values() if c.how == "succeeded"]
    return len(good) >= int(count) and spans(least, most, good)


def some_ended(r: Reader, count: str, how: str) -> bool:
    word = how.partition(":")[0]
    if word in ("failed", "cancelled"):
        found = [c for c in r.calls.values() if c.how == word]
    else:
        open_ones = [c for c in r.calls.values() if c.end is None]
        found = [c for c in open_ones if (c.died is not None) == (word == "did not end")]
    return len(found) >= int(count)


def never_started(r: Reader, said: str) -> bool:
    promised = {e.name for e in r.events if e.event in ("scheduled", "enqueued")}
    return all(name in promised and not r.named(name) for name in names_of(said))


# The whole.


def background(r: Reader, said: str) -> bool:
    calls = [call for call in r.calls.values() if call.background]
    ends = [call.end for call in calls if call.end is not None]
    return near(said, max(ends) - min(call.start for call in calls))


def waited(r: Reader, name: str, longest: str, said: str) -> bool:
    waits = [c.start - c.queued for c in r.calls.values() if c.queued is not None]
    own = [c.start - c.queued for c in r.named(name) if c.queued is not None]
    return any(near(said, ms) for ms in own) and (not longest or near(said, max(waits)))


def blocked_once(r: Reader, said: str) -> bool:
    ((length,),) = r.blocks().values()
    return near(said, length)


def blocked(r: Reader, times: str, total: str, most: str) -> bool:
    count = 2 if times == "twice" else int(times.split()[0])
    (blocks,) = r.blocks().values()
    return count == len(blocks) and near(total, sum(blocks)) and near(most, max(blocks))


def blocked_loops(r: Reader, count: str, said: str) -> bool:
    totals = sorted(sum(blocks) for blocks in r.blocks().values())
    texts = re.split(r", | and ", said)
    near_ones = [any(near(text, total) for total in totals) for text in texts]
    return int(count) == len(totals) == len(texts) and all(near_ones)


def process_ended(r: Reader, name: str, said: str) -> bool:
    ends = [e for e in r.events if e.event in ("killed", "exited") and e.name == name]
    return any(near(said, e.at_ms) for e in ends)


def stopped(r: Reader, said: str) -> bool:
    return r.end is not None and r.end.stopped and near(said, r.end.at_ms)


def stopped_early(r: Reader) -> bool:
    return r.end is not None and r.end.stopped and r.end.at_ms < 0


def kept(r: Reader, count: str) -> bool:
    return int(count.replace(",", "")) == len(r.events)


CHECKS: Checks = {
    rf"The client had its (\S+) after {D}": only_answer,
    rf"The server sent its (\S+) after {D}": only_sent,
    rf"{NAME} had its (\S+) after (.+)": answer_of,
    rf"(All \d+|Both|\d+ of \d+) requests had their (.+) after {RANGE}": many,
    rf"(All \d+|Both|\d+ of \d+) requests were answered after {RANGE}, with (.+)": many_kinds,
    r"None of the (\d+) requests got an answer": nobody_answered,
    rf"(The client|{NAME[1:-1]}) got no answer": no_answer,
    rf"(The client|{NAME[1:-1]}) was still waiting for its answer": still_waiting,
    rf"At least (\d+) requests were answered, after {RANGE}": at_least,
    rf"{CALLED} took {D}": took,
    rf"{CALLED} (failed|was cancelled) after {D}(?:: \w+)?(, which was caught)?": ended,
    rf"{CALLED} did not end": did_not_end,
    rf"{CALLED} was still running at the end": still_running,
    rf"{NAME} started when (it) ended( and .+)?": followed,
    rf"{NAME} started when {NAME} ended( and .+)?": followed_by,
    rf"within that time {NAMES} ran one after another": one_after_another,
    rf"within that time {NAMES} (ran at the same time|overlapped)": within_and_met,
    rf"{NAMES} ran within that time": within,
    rf"within that time {NAMES} ran": within,
    rf"{NAMES} (ran at the same time|overlapped)": met,
    rf"{NAME} ran(?: (\d+) times)?(?:, {RANGE}(?: each)?)?(?:, at most (\d+) at the same time)?": (
        summed
    ),
    rf"(\d+) took {RANGE}(?: each)?": some_took,
    r"(\d+) (failed: \w+|failed|cancelled|did not end|still running at the end)": some_ended,
    rf"{NAMES} never started": never_started,
    rf"Background work: {D}": background,
    rf"{NAME} waited( longest)? for a (?:thread|worker): {D}": waited,
    rf"The event loop was blocked for {D}": blocked_once,
    r"(\d+) event loops were blocked, for (.+)": blocked_loops,
    rf"The event loop was blocked (twice|\d+ times): {D} in total, {D} at most": blocked,
    rf"The ([\w ]+) process (?:was killed|ended on SIG\w+|exited) after {D}": process_ended,
    rf"The ([\w ]+) process ended after {D}: \w+": process_ended,
    rf"The run was stopped after {D}": stopped,
    r"The run was stopped before its first request": stopped_early,
    r"Only the first ([\d,]+) events of this run were kept": kept,
}
