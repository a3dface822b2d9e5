"""Judges the key of a question by the facts of repeated runs. Pure.

A key is proven if every claim came out as the key says, in every run: on the question's own demo,
on the counterfactuals of its wrong options, with each variant of its numbers, and if each possible
outcome was seen. The module knows neither how runs are executed nor pages.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from quiz.demos.model import Demo
from quiz.proofs.record import ClaimResult, Proof, Status
from quiz.questions.base import Question
from quiz.questions.demo_ref import DemoRef
from quiz.questions.outcome import Claimed

# The most runs to see every possible outcome.
MOST_TIMES = 60
MOST_VALUES = 4

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class RequiredRun:
    """A run that a proof needs. Questions that need the same run share it."""

    demo: str
    variant: str
    environment: str
    parameters: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, ref: DemoRef, environment: str | None = None) -> Self:
        """The run of a pack's reference, whose defaults the loader has filled in."""
        assert ref.variant
        assert ref.environment
        values = tuple(sorted(ref.parameters.items()))
        return cls(ref.name, ref.variant, environment or ref.environment, values)


def every(question: Question) -> tuple[Question, ...]:
    """The question, then its variants with other numbers."""
    return (question, *question.variants)


def required_runs(question: Question) -> list[RequiredRun]:
    """The run of the question's own demo, of its counterfactuals, then of its variants.

    Empty if no run can decide the question.
    """
    return [run for one in every(question) for run in _required_runs(one)]


def _required_runs(question: Question) -> list[RequiredRun]:
    if question.demo is None or not question.claims():
        return []
    refs = [question.demo, *(ref for ref, _ in question.counterfactuals().values())]
    return [RequiredRun.of(ref) for ref in refs]


def hash_of(question: Question, demos: Mapping[str, Demo]) -> str:
    """Changes with all that could change the outcome: claims, key, code, scenario. Not wording."""
    claims = [[name, claim.source, question.expected()[name]] for name, claim in question.claims()]
    seen = [[name, claim.source] for name, claim in question.either().items()]
    code = [
        [run.demo, run.variant, run.environment, run.parameters, *_code(demos[run.demo], run)]
        for run in _required_runs(question)
    ]
    worlds = [
        [name, claim.source] for name, (_, claim) in sorted(question.counterfactuals().items())
    ]
    draws = [hash_of(draw, demos) for draw in question.variants]
    text = json.dumps([question.kind, claims, seen, worlds, code, *draws], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _code(demo: Demo, run: RequiredRun) -> list[Any]:
    source = demo.source(run.variant, dict(run.parameters))
    return [sorted(source.items()), demo.scenario.read_text(encoding="utf-8")]


def wants_more(question: Question, runs: Sequence[Facts]) -> bool:
    """Whether a possible outcome has not been seen yet and more runs are worth trying."""
    return bool(_missing(question, runs)) and len(runs) < MOST_TIMES


def judge(question: Question, runs: Mapping[RequiredRun, Sequence[Facts]]) -> Proof:
    """The proof of a question. `runs` maps each required run to the facts of its repetitions."""
    proof = _judged(question, runs)
    if not question.variants or not required_runs(question):
        return proof
    of = {f"vary[{n}]": _judged(draw, runs) for n, draw in enumerate(question.variants)}
    draws = tuple(
        one.model_copy(update={"claim": f"{within} {one.claim}"})
        for name, drawn in of.items()
        for within, some in ((name, drawn.claims), (f"{name} world", drawn.counterfactuals))
        for one in some
    )
    seen = {f"{name} {what}": n for name, drawn in of.items() for what, n in drawn.seen.items()}
    missing = tuple(f"{name} {what}" for name, drawn in of.items() for what in drawn.missing)
    more: dict[str, Any] = {"seen": proof.seen | seen, "missing": proof.missing + missing}
    status = _status([*proof.claims, *proof.counterfactuals, *draws], more["missing"])
    return proof.model_copy(update={"draws": draws, "status": status, **more})


def _judged(question: Question, runs: Mapping[RequiredRun, Sequence[Facts]]) -> Proof:
    """The proof without the variants of the numbers."""
    wanted = required_runs(question)
    if not wanted:
        return Proof(id=question.id, status="documentation")
    own = runs[wanted[0]]
    claims = tuple(evaluate(question, own))
    counterfactuals = tuple(
        _evaluate(name, claim, True, runs[RequiredRun.of(ref)])
        for name, (ref, claim) in question.counterfactuals().items()
    )
    missing = _missing(question, own)
    return Proof(
        id=question.id,
        status=_status([*claims, *counterfactuals], missing),
        times=len(own),
        claims=claims,
        counterfactuals=counterfactuals,
        seen={name: _held(claim, own) for name, claim in question.either().items()},
        missing=missing,
    )


def disagrees(question: Question, facts: Facts) -> bool:
    """Whether the facts of a run contradict the key in some claim."""
    return any(
        not one.passed and one.unsaid is None and one.expected is not None
        for one in evaluate(question, [facts])
    )


def evaluate(question: Question, runs: Sequence[Facts]) -> Iterator[ClaimResult]:
    """The claims on the question's own demo over these runs."""
    expected = question.expected()
    for name, claim in question.claims():
        yield _evaluate(name, claim, expected[name], runs)


def _status(results: Iterable[ClaimResult], missing: Sequence[str]) -> Status:
    wrong = [one for one in results if not one.passed]
    if any(one.is_unstable for one in wrong):
        return "unstable"
    if wrong:
        return "failed"
    return "unproven" if missing else "proven"


def _evaluate(
    name: str, claim: Claimed, expected: bool | None, runs: Sequence[Facts]
) -> ClaimResult:
    outcomes = [claim.check(facts) for facts in runs]
    observed = [outcome.observed for outcome in outcomes]
    return ClaimResult(
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
    texts = dict.fromkeys(json.dumps(value, default=str) for value in values)
    return [json.loads(text) for text in list(texts)[:MOST_VALUES]]


def _missing(question: Question, runs: Sequence[Facts]) -> tuple[str, ...]:
    return tuple(name for name, claim in question.either().items() if not _held(claim, runs))


def _held(claim: Claimed, runs: Sequence[Facts]) -> int:
    return sum(claim.check(facts).held is True for facts in runs)
