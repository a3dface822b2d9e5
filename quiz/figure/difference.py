"""What two runs of a demo did differently, in words: the largest first. Pure.

It knows their facts alone. What repeats of one run differ by is no difference: measured on two busy
processors, times were up to 21 ms apart, long computations a few per cent.
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
# How often something ran may hang on a moment: to be told, one has to be half as many again.
OFTENER = 1.5
MOST = 5
# Whether something happened is more than any time.
OUTCOME = float("inf")
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`ms` is how large it is: of an arrangement, for how long it made one."""

    words: str
    ms: float


@dataclass(frozen=True)
class Compared:
    """`names` are what the sentences call the two."""

    one: Facts
    other: Facts
    names: tuple[str, str] = ("the first", "the second")

    def sentences(self) -> list[str]:
        """At most five; a single one where both did the same."""
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

    # What happened in one alone.

    @property
    def _shared(self) -> list[str]:
        """The functions that both have in their files."""
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
        """Where it is so first."""
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

    # How often.

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

    # How long.

    def _times(self) -> Iterator[Difference]:
        for words, a, b in self._measured():
            if abs(a - b) > max(NOISE_MS, NOISE_SHARE * max(a, b)):
                yield Difference(f"{words} {duration(a)} against {duration(b)}", abs(a - b))

    def _measured(self) -> Iterator[tuple[str, float, float]]:
        """Times that both have, each with the words before them."""
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

    # Where, and what stands how to what.

    def _arranged(self) -> Iterator[Difference]:
        """Relations of which one run shows the opposite."""
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
    """What two relations have in common that may contradict each other."""
    if relation.other:
        return ("pair", *sorted((relation.task, relation.other)))
    return (relation.what, relation.task)


def _how(relation: Relation) -> str:
    if relation.follows:
        return f"{relation.task} started after {relation.follows} had ended"
    return f"{relation.task} and {relation.overlaps} overlapped"


def _most_tries(facts: Facts, name: str) -> int:
    """How often the same job was started at most."""
    return max((call["attempt"] for call in facts["calls"] if call["name"] == name), default=0)


def _first_background(facts: Facts) -> float | None:
    return min((call["started_ms"] for call in facts["calls"] if call["background"]), default=None)


def _took(facts: Facts, name: str) -> float:
    return float(resolve(facts, f"call.{name}.took_ms") or 0.0)


def _times(count: int) -> str:
    return TIMES.get(count, f"{count} times")
