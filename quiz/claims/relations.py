"""Relations between tasks, and between a task and the response. Predictions are graded on them.

A prediction has a relation or not; a run confirms it as a claim. Milliseconds do not count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Self

from pydantic import Field, model_validator

from quiz.claims.expression import Claim, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.questions.fields import Function, PackModel
from quiz.questions.outcome import Outcome
from quiz.questions.prediction import WHERE, Lane, Prediction, Stay

# The shortest overlap that counts: shorter ones may be only the end of a call.
OVERLAP_MS = 20.0
# Events of two processes that are nearer than this have no reliable order.
NEAR_MS = 10.0
MOST_SEEN = 12
# A worker's lane is its name and process id; these are the lanes of all other processes.
LANE_NAMES: dict[Lane, str] = {
    "event loop": '{lane} == "event loop"',
    "thread": '{lane} in ["thread pool", "thread"]',
    "worker": '!({lane} in ["event loop", "thread pool", "thread", "main thread", "client"])',
}


class Relation(PackModel):
    """A relation that holds in every run: a task, and exactly one of the other fields."""

    task: Function = Field(description="Of which of the question's tasks.")
    lane: Lane | None = Field(default=None, description="Where it runs.")
    never: bool | None = Field(default=None, description="true: it never happens; false: it does.")
    after_response: bool | None = Field(
        default=None, description="Whether it starts after the response was sent, or before."
    )
    follows: Function | None = Field(default=None, description="It starts when that one has ended.")
    overlaps: Function | None = Field(default=None, description="For a while both are under way.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self._said) != 1:
            kinds = ", ".join(name for name in type(self).model_fields if name != "task")
            raise FaultyError(Fault(f"says {len(self._said)} things", f"Say one of {kinds}."))
        return self

    @property
    def _said(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True, exclude={"task"})

    @property
    def what(self) -> str:
        return next(iter(self._said))

    @property
    def other(self) -> str | None:
        return self.follows or self.overlaps

    @property
    def name(self) -> str:
        """The name of the relation's outcome."""
        return f"{self.task} {self.what} {self._said[self.what]}"

    @property
    def words(self) -> str:
        """The relation as a clause, in Markdown."""
        task, other = f"`{self.task}`", f"`{self.other}`"
        match self.what:
            case "lane":
                assert self.lane
                return f"{task} runs {WHERE[self.lane]}"
            case "never":
                return f"{task} {'never happens' if self.never else 'happens'}"
            case "after_response":
                when = "after" if self.after_response else "before"
                return f"{task} starts {when} the response was sent"
            case "follows":
                return f"{task} starts after {other} has ended"
        return f"{task} and {other} overlap"

    @property
    def opposite(self) -> "Relation":
        """A relation that is false where this one is true."""
        match self.what:
            case "lane":
                lane = next(lane for lane in LANE_NAMES if lane != self.lane)
                return Relation(task=self.task, lane=lane)
            case "never":
                return Relation(task=self.task, never=not self.never)
            case "after_response":
                return Relation(task=self.task, after_response=not self.after_response)
            case "follows":
                return Relation(task=self.task, overlaps=self.follows)
        return Relation(task=self.task, follows=self.overlaps)

    def is_in(self, prediction: Prediction) -> bool:
        one = prediction.tasks.get(self.task)
        if self.what == "never":
            return self.task in prediction.tasks and (one is None) == self.never
        if one is None:
            return False
        if self.lane:
            return one.lane == self.lane
        if self.after_response is not None:
            if (sent := prediction.sent) is None:
                return False
            # A start in the slot of the response may be meant before or after the response.
            return one.start >= sent if self.after_response else one.start <= sent
        other = prediction.tasks.get(str(self.other))
        if other is None:
            return False
        if self.follows:
            return one.start >= other.end
        return one.start < other.end and other.start < one.end

    @property
    def claim(self) -> Claim:
        call, other = f"call.{self.task}", f"call.{self.other}"
        match self.what:
            case "lane":
                assert self.lane
                source = LANE_NAMES[self.lane].format(lane=f"{call}.lane")
            case "never":
                source = f"count.{self.task} {'== 0' if self.never else '>= 1'}"
            case "after_response":
                sign = ">=" if self.after_response else "<"
                source = f"{call}.started_ms {sign} response.sent_ms"
            case "follows":
                source = f"{call}.started_ms >= {other}.ended_ms"
            case _:
                source = " && ".join(
                    f"{one}.started_ms + {OVERLAP_MS} < {two}.ended_ms"
                    for one, two in ((call, other), (other, call))
                )
        return Claim(source)


@dataclass(frozen=True)
class Held:
    """A relation, compared with a prediction and a run. `kept` is None without a prediction."""

    words: str
    kept: bool | None
    outcome: Outcome | None
    observed: tuple[str, ...]

    @classmethod
    def of(cls, relation: Relation, given: Prediction | None, outcome: Outcome | None) -> Self:
        kept = relation.is_in(given) if given else None
        observed = tuple(in_words(outcome)) if outcome else ()
        return cls(relation.words, kept, outcome, observed)

    @property
    def sign(self) -> str:
        return {True: "✓", False: "✗", None: "·"}[self.kept]


def right_one(
    relations: Iterable[Relation],
    tasks: Sequence[str],
    lanes: Sequence[Lane],
    slots: int,
    slot_seconds: float,
) -> Prediction | None:
    """The earliest prediction that has all relations; None if there is none.

    Each relation of times requires one instant to be no earlier than another. Instants are moved
    later until all relations hold.
    """
    said = list(relations)
    never = {relation.task for relation in said if relation.never}
    where = {relation.task: relation.lane for relation in said if relation.lane}
    asks = any(relation.after_response is not None for relation in said)
    at = {"sent": 0} | {f"{task} {edge}": 0 for task in tasks for edge in ("start", "end")}
    rules = [(f"{task} end", f"{task} start", 1) for task in tasks]
    rules += [rule for relation in said for rule in _rules(relation)]
    while moved := {late: at[than] + by for late, than, by in rules if at[late] < at[than] + by}:
        at |= moved
        if max(at.values()) > slots:
            return None
    stays = {
        task: None
        if task in never
        else Stay(where.get(task) or lanes[0], at[f"{task} start"], at[f"{task} end"])
        for task in tasks
    }
    found = Prediction(slot_seconds, stays, at["sent"] if asks else None)
    return found if all(relation.is_in(found) for relation in said) else None


def _rules(relation: Relation) -> list[tuple[str, str, int]]:
    """(a, b, n): a is at least n slots after b."""
    start, end = f"{relation.task} start", f"{relation.task} end"
    match relation.what:
        case "after_response":
            late, early = (start, "sent") if relation.after_response else ("sent", start)
            return [(late, early, 0)]
        case "follows":
            return [(start, f"{relation.other} end", 0)]
        case "overlaps":
            return [(end, f"{relation.other} start", 1), (f"{relation.other} end", start, 1)]
    return []


def held(facts: Mapping[str, Any], given: Prediction) -> list[Held]:
    """The relations that a run shows between the predicted tasks, compared with the prediction.

    Relations to the response are left out if the prediction does not place the response.
    """
    shown = seen(facts, given.tasks, given.ms(1))
    if given.sent is None:
        shown = [one for one in shown if one.after_response is None]
    return [Held.of(one, given, one.claim.check(facts)) for one in shown]


def seen(facts: Mapping[str, Any], tasks: Iterable[str], slot_ms: float = 0) -> list[Relation]:
    """The relations of these tasks that a run shows, without those decided by a few milliseconds.

    Differences shorter than a slot are left out too, because a learner cannot draw them.
    """
    return list(islice(_seen(facts, list(tasks), slot_ms), MOST_SEEN))


def _seen(facts: Mapping[str, Any], tasks: Sequence[str], slot_ms: float) -> Iterator[Relation]:
    calls = {task: facts["call"][task] for task in tasks if task in facts["call"]}
    sent = facts.get("response", {}).get("sent_ms")
    for task in tasks:
        if task not in calls:
            yield Relation(task=task, never=True)
            continue
        call = calls[task]
        yield from (
            Relation(task=task, lane=lane)
            for lane in LANE_NAMES
            if Relation(task=task, lane=lane).claim.check(facts).held
        )
        if sent is not None and (abs(call["started_ms"] - sent) >= NEAR_MS or _at_home(call)):
            yield Relation(task=task, after_response=call["started_ms"] >= sent)
    for one, two in combinations(sorted(calls, key=lambda task: calls[task]["started_ms"]), 2):
        # A call without an end has no relation to others.
        if "ended_ms" in calls[one] and "ended_ms" in calls[two]:
            yield from _pair(calls, one, two, slot_ms)


def _pair(
    calls: Mapping[str, Mapping[str, Any]], one: str, two: str, slot_ms: float
) -> Iterator[Relation]:
    """The relation of two calls, in the order of their starts."""
    first, then = calls[one], calls[two]
    gap = then["started_ms"] - first["ended_ms"]
    if gap >= NEAR_MS or (gap >= 0 and first["process"] == then["process"]):
        if then["started_ms"] - first["started_ms"] >= slot_ms:
            yield Relation(task=two, follows=one)
    elif min(first["ended_ms"], then["ended_ms"]) - then["started_ms"] > OVERLAP_MS:
        yield Relation(task=two, overlaps=one)


def _at_home(call: Mapping[str, Any]) -> bool:
    """Whether the call ran in the web server's process: then its order is reliable."""
    return call["lane"] in ("event loop", "thread pool")
