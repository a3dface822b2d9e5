"""The differences between two runs of a demo in words, the largest first. Pure.

Knows the facts of both runs alone. Noise between repeats of one run is no difference: on two busy
processors, times were measured up to 21 ms apart, long computations a few per cent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.claims.facts import resolve
from quiz.claims.relations import Relation, seen
from quiz.figure.words import WHERE, duration, short_error

Facts = Mapping[str, Any]

NOISE_MS, NOISE_SHARE = 25.0, 0.05
NOISE, SHARE = f"{NOISE_MS:g} ms", f"{NOISE_SHARE * 100:g} %"
# Counts vary from run to run: a difference is reported from half as many again.
OFTENER = 1.5
MOST = 5
# Something that happened in one run only outweighs any difference of times.
OUTCOME = float("inf")
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence and its weight in milliseconds; for an arrangement, how long it lasted."""

    words: str
    ms: float


@dataclass(frozen=True)
class Compared:
    """Two runs and the names that the sentences use for them."""

    one: Facts
    other: Facts
    names: tuple[str, str] = ("the first", "the second")

    def sentences(self) -> list[str]:
        """At most five sentences; one if both runs did the same."""
        found = sorted(self._all(), key=lambda difference: -difference.ms)
        return [f"{one.words}." for one in found[:MOST]] or [self._same()]

    def _all(self) -> Iterator[Difference]:
        yield from self._never()
        yield from self._lost()
        yield from self._answers()
        yield from self._errors()
        yield from self._tries()
        yield from self._often()
        yield from self._times()
        yield from self._arranged()

    def _same(self) -> str:
        most = max((abs(a - b) for _, a, b in self._measured()), default=0.0)
        return f"Both did the same, within {NOISE if most <= NOISE_MS else SHARE}."

    # Events of one run alone.

    @property
    def _shared(self) -> list[str]:
        """The functions that both runs have in their files."""
        return [name for name in self.one["count"] if name in self.other["count"]]

    def _counts(self, name: str) -> tuple[int, int]:
        return self.one["count"][name], self.other["count"][name]

    def _never(self) -> Iterator[Difference]:
        for name in self._shared:
            counts = self._counts(name)
            if any(counts) and not all(counts):
                yield Difference(f"{name} never ran in {self.names[counts.index(0)]}", OUTCOME)

    def _lost(self) -> Iterator[Difference]:
        lost = self.one["lost"], self.other["lost"]
        for name in self._shared:
            where = [name in names for names in lost]
            if any(where) and not all(where) and all(self._counts(name)):
                there, not_there = self._in_order(where)
                yield Difference(f"{name} was lost in {there}, not in {not_there}", OUTCOME)

    def _in_order(self, where: Sequence[bool]) -> tuple[str, str]:
        """The first run for which it holds comes first."""
        return self.names if where[0] else (self.names[1], self.names[0])

    def _answers(self) -> Iterator[Difference]:
        if "response" in self.one or "response" in self.other:
            a, b = (facts.get("response", {}).get("status") for facts in (self.one, self.other))
            if a != b:
                said = f"{a or 'no answer'} against {b or 'no answer'}"
                yield Difference(f"The client's first answer: {said}", OUTCOME)

    def _errors(self) -> Iterator[Difference]:
        raised = [set(map(short_error, facts["errors"])) for facts in (self.one, self.other)]
        for error in sorted(raised[0] ^ raised[1]):
            there, not_there = self._in_order([error in errors for errors in raised])
            yield Difference(f"{error} was raised in {there}, not in {not_there}", OUTCOME)

    # Counts.

    def _tries(self) -> Iterator[Difference]:
        for name in self._shared:
            a, b = _most_tries(self.one, name), _most_tries(self.other, name)
            if a and b and a != b:
                yield Difference(f"{name} was started {_times(a)} against {_times(b)}", OUTCOME)

    def _often(self) -> Iterator[Difference]:
        for name in self._shared:
            a, b = self._counts(name)
            tried = _most_tries(self.one, name) != _most_tries(self.other, name)
            if a and b and not tried and max(a, b) >= OFTENER * min(a, b):
                yield Difference(f"{name} ran {_times(a)} against {_times(b)}", OUTCOME)

    # Durations.

    def _times(self) -> Iterator[Difference]:
        for words, a, b in self._measured():
            if abs(a - b) > max(NOISE_MS, NOISE_SHARE * max(a, b)):
                yield Difference(f"{words} {duration(a)} against {duration(b)}", abs(a - b))

    def _measured(self) -> Iterator[tuple[str, float, float]]:
        """Times that both runs have, each with the words before it."""
        told = [
            ("Background work:", "background_ms"),
            ("The client had its first answer after", "response.received_ms"),
            ("The event loop was blocked for", "loop_blocked_ms"),
            *((f"{name} took", f"call.{name}.took_ms") for name in self._shared),
        ]
        for words, path in told:
            a, b = resolve(self.one, path), resolve(self.other, path)
            if a is not None and b is not None:
                yield words, a, b
        begun, other = _first_background(self.one), _first_background(self.other)
        if begun is not None and other is not None:
            yield "Background work began after", begun, other

    # Lanes, and relations between calls.

    def _arranged(self) -> Iterator[Difference]:
        """Relations that hold in one run and whose opposite holds in the other."""
        tasks = [name for name in self._shared if all(self._counts(name))]
        here, there = seen(self.one, tasks), seen(self.other, tasks)
        for relation in here:
            for counter in (r for r in there if _about(r) == _about(relation)):
                if counter != relation:
                    yield self._against(relation, counter)

    def _against(self, one: Relation, other: Relation) -> Difference:
        first, second = self.names
        task = one.task
        ms = max(_took(self.one, task), _took(self.other, task))
        if one.lane and other.lane:
            lanes = [facts["call"][task]["lane"] for facts in (self.one, self.other)]
            a, b = (WHERE.get(lane, "in a worker") for lane in lanes)
            return Difference(f"{task} ran {a} in {first}, {b} in {second}", ms)
        if one.after_response is not None:
            a, b = ("after" if r.after_response else "before" for r in (one, other))
            return Difference(
                f"{task} started {a} the response was sent in {first}, {b} it in {second}", ms
            )
        a, b = (_how(relation) for relation in (one, other))
        return Difference(f"{a} in {first}; {b} in {second}", ms)


def _about(relation: Relation) -> tuple[object, ...]:
    """The key that two relations share if they can contradict each other."""
    if relation.other:
        return ("pair", *sorted((relation.task, relation.other)))
    return (relation.what, relation.task)


def _how(relation: Relation) -> str:
    if relation.follows:
        return f"{relation.task} started after {relation.follows} had ended"
    return f"{relation.task} and {relation.overlaps} overlapped"


def _most_tries(facts: Facts, name: str) -> int:
    """The largest number of starts of one job."""
    return max((call["attempt"] for call in facts["calls"] if call["name"] == name), default=0)


def _first_background(facts: Facts) -> float | None:
    return min((call["started_ms"] for call in facts["calls"] if call["background"]), default=None)


def _took(facts: Facts, name: str) -> float:
    return float(resolve(facts, f"call.{name}.took_ms") or 0.0)


def _times(count: int) -> str:
    return TIMES.get(count, f"{count} times")
