"""What repeated runs say of a question's key, and the record of that beside its pack. Pure.

A key is proven when every claim came out as the key says in every run, wherever the question says
so: in its own demo, in the worlds that its wrong options name, with the numbers of each of its
draws, and in both outcomes of what is not guaranteed. Knows neither how runs are played nor pages.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from quiz.demos.model import Demo
from quiz.questions.base import Claimed, DemoRef, Question

# So often it is tried to see both outcomes of what is not guaranteed.
MOST_TIMES = 60
MOST_VALUES = 4

Facts = Mapping[str, Any]
Status = Literal["proven", "failed", "unstable", "unproven", "documentation"]


@dataclass(frozen=True)
class Need:
    """Runs of just this are needed."""

    demo: str
    variant: str
    environment: str
    parameters: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, ref: DemoRef, environment: str | None = None) -> Self:
        """Of a reference as a pack holds it, with what the demo's defaults filled in."""
        assert ref.variant
        assert ref.environment
        values = tuple(sorted(ref.parameters.items()))
        return cls(ref.name, ref.variant, environment or ref.environment, values)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Tested(_Kept):
    """One claim over all runs of a demo.

    `expected`: it must hold in each, in none, or (None) not in all. `values` are the least and the
    greatest of the facts that it names, or the few that there were.
    """

    claim: str
    expected: bool | None
    held: int
    of: int
    unsaid: str | None = None
    values: dict[str, list[Any]] = {}

    @property
    def is_well(self) -> bool:
        if self.unsaid is not None:
            return False
        if self.expected is None:
            return self.held < self.of
        return self.held == (self.of if self.expected else 0)

    @property
    def is_unstable(self) -> bool:
        return self.expected is not None and self.unsaid is None and 0 < self.held < self.of


class Ran(_Kept):
    """On what it ran: the environment's packages, Python, the operating system."""

    environment: str
    versions: dict[str, str]
    os: str


class Proof(_Kept):
    """All that is known of a question's key.

    `claims` are those of its own demo, `worlds` those of wrong options where they would be right,
    `draws` both of each draw by its place, `vary[0] o1` and `vary[0] world o1`,
    `seen` counts each of several possible outcomes, `elsewhere` says in which other environments
    the key holds too.
    """

    id: str
    status: Status
    hash: str = ""
    times: int = 0
    on: date | None = None
    ran: Ran | None = None
    claims: tuple[Tested, ...] = ()
    worlds: tuple[Tested, ...] = ()
    draws: tuple[Tested, ...] = ()
    seen: dict[str, int] = {}
    missing: tuple[str, ...] = ()
    elsewhere: dict[str, bool] = {}
    reason: str = ""


class ProofFile(_Kept):
    """The record as a file. On what many proofs ran stands in it once, and each has its place."""

    pack: str
    questions: tuple[Proof, ...]

    @model_validator(mode="before")
    @classmethod
    def _unfolded(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "ran" not in data:
            return data
        try:
            questions = [
                given | {"ran": data["ran"][given["ran"]]} if "ran" in given else given
                for given in data["questions"]
            ]
        except (IndexError, KeyError, TypeError) as error:
            raise ValueError("a proof names no place in the list of what they ran on") from error
        return {"pack": data.get("pack"), "questions": questions}

    @model_serializer(mode="wrap")
    def _folded(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data = handler(self)
        ran: list[Any] = []
        for given in data["questions"]:
            if found := given.get("ran"):
                if found not in ran:
                    ran.append(found)
                given["ran"] = ran.index(found)
        return {"pack": data["pack"], "ran": ran, "questions": data["questions"]}

    def of(self, id: str) -> Proof | None:
        return next((proof for proof in self.questions if proof.id == id), None)


def every(question: Question) -> tuple[Question, ...]:
    """It, and with each other set of numbers."""
    return (question, *question.draws)


def needs(question: Question) -> list[Need]:
    """Its own demo's first, then the worlds' of its wrong options, then those of its draws.

    Empty: no run can decide it.
    """
    return [need for one in every(question) for need in _needs(one)]


def _needs(question: Question) -> list[Need]:
    if question.demo is None or not question.claims():
        return []
    return [Need.of(question.demo), *(Need.of(ref) for ref, _ in question.worlds().values())]


def hash_of(question: Question, demos: Mapping[str, Demo]) -> str:
    """Changes with whatever could change the outcome: claims, key, code, scenario; no wording."""
    claims = [[name, claim.source, question.expected()[name]] for name, claim in question.claims()]
    seen = [[name, claim.source] for name, claim in question.either().items()]
    code = [
        [need.demo, need.variant, need.environment, need.parameters, *_code(demos[need.demo], need)]
        for need in _needs(question)
    ]
    worlds = [[name, claim.source] for name, (_, claim) in sorted(question.worlds().items())]
    draws = [hash_of(draw, demos) for draw in question.draws]
    text = json.dumps([question.kind, claims, seen, worlds, code, *draws], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _code(demo: Demo, need: Need) -> list[Any]:
    source = demo.source(need.variant, dict(need.parameters))
    return [sorted(source.items()), demo.scenario.read_text(encoding="utf-8")]


def wants_more(question: Question, runs: Sequence[Facts]) -> bool:
    """Whether something that may happen has not been seen yet."""
    return bool(_missing(question, runs)) and len(runs) < MOST_TIMES


def judge(question: Question, runs: Mapping[Need, Sequence[Facts]]) -> Proof:
    """`runs` are the facts of every run of each of its needs."""
    proof = _judged(question, runs)
    if not question.draws or not needs(question):
        return proof
    of = {f"vary[{n}]": _judged(draw, runs) for n, draw in enumerate(question.draws)}
    draws = tuple(
        one.model_copy(update={"claim": f"{within} {one.claim}"})
        for name, drawn in of.items()
        for within, some in ((name, drawn.claims), (f"{name} world", drawn.worlds))
        for one in some
    )
    seen = {f"{name} {what}": n for name, drawn in of.items() for what, n in drawn.seen.items()}
    missing = tuple(f"{name} {what}" for name, drawn in of.items() for what in drawn.missing)
    more: dict[str, Any] = {"seen": proof.seen | seen, "missing": proof.missing + missing}
    status = _status([*proof.claims, *proof.worlds, *draws], more["missing"])
    return proof.model_copy(update={"draws": draws, "status": status, **more})


def _judged(question: Question, runs: Mapping[Need, Sequence[Facts]]) -> Proof:
    """With its own numbers alone."""
    wanted = needs(question)
    if not wanted:
        return Proof(id=question.id, status="documentation")
    own = runs[wanted[0]]
    claims = tuple(weigh(question, own))
    worlds = tuple(
        _tested(name, claim, True, runs[Need.of(ref)])
        for name, (ref, claim) in question.worlds().items()
    )
    missing = _missing(question, own)
    return Proof(
        id=question.id,
        status=_status([*claims, *worlds], missing),
        times=len(own),
        claims=claims,
        worlds=worlds,
        seen={name: _held(claim, own) for name, claim in question.either().items()},
        missing=missing,
    )


def disagrees(question: Question, facts: Facts) -> bool:
    """Whether a run says of some claim the contrary of what the key says."""
    return any(
        not one.is_well and one.unsaid is None and one.expected is not None
        for one in weigh(question, [facts])
    )


def weigh(question: Question, runs: Sequence[Facts]) -> Iterator[Tested]:
    expected = question.expected()
    for name, claim in question.claims():
        yield _tested(name, claim, expected[name], runs)


def _status(tested: Iterable[Tested], missing: Sequence[str]) -> Status:
    wrong = [one for one in tested if not one.is_well]
    if any(one.is_unstable for one in wrong):
        return "unstable"
    if wrong:
        return "failed"
    return "unproven" if missing else "proven"


def _tested(name: str, claim: Claimed, expected: bool | None, runs: Sequence[Facts]) -> Tested:
    outcomes = [claim.check(facts) for facts in runs]
    observed = [outcome.observed for outcome in outcomes]
    return Tested(
        claim=name,
        expected=expected,
        held=sum(outcome.held is True for outcome in outcomes),
        of=len(outcomes),
        unsaid=next((outcome.error for outcome in outcomes if outcome.held is None), None),
        values={path: _values([values[path] for values in observed]) for path in claim.paths()},
    )


def _values(values: Sequence[Any]) -> list[Any]:
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return [round(bound, 3) for bound in dict.fromkeys((min(values), max(values)))]
    told = dict.fromkeys(json.dumps(value, default=str) for value in values)
    return [json.loads(text) for text in list(told)[:MOST_VALUES]]


def _missing(question: Question, runs: Sequence[Facts]) -> tuple[str, ...]:
    return tuple(name for name, claim in question.either().items() if not _held(claim, runs))


def _held(claim: Claimed, runs: Sequence[Facts]) -> int:
    return sum(claim.check(facts).held is True for facts in runs)
