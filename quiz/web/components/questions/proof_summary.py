"""A question's proof as pages show it: in a line under the answer, in full on a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from quiz.claims.facts import says
from quiz.proofs.record import Proof, Tested, hash_of, needs
from quiz.questions.base import number
from quiz.web.components.questions.question_card import Card
from quiz.web.core.request import state

CURRENT = "current"
STATUS = {
    "proven": "Proven",
    "failed": "Refuted: a run did not bear the right answer out",
    "unstable": "Unstable: it did not come out the same in every run",
    "unproven": "Not proven yet",
    "documentation": "From the documentation",
}


@dataclass(frozen=True)
class World:
    """An environment in which the key holds, or does not."""

    name: str
    holds: bool


@dataclass(frozen=True)
class Row:
    """A claim: what was expected of it, what the runs said, with the values that they had."""

    text: str
    expected: str
    said: str
    is_well: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class Proven:
    """`stale`: the question or its demo has changed since."""

    card: Card
    proof: Proof
    stale: bool

    @property
    def href(self) -> str:
        return f"{self.card.href}/proof"

    @property
    def is_told(self) -> bool:
        """It goes by what somebody wrote, and no run says it."""
        return self.proof.status == "documentation"

    @property
    def line(self) -> str:
        """ "Proven 5 of 5 on FastAPI 0.165, Python 3.11, 22 Nov 2026"."""
        proof = self.proof
        if proof.status == "documentation":
            return STATUS[proof.status]
        counted = f" {proof.times} of {proof.times}" if proof.status == "proven" else ""
        return f"{STATUS[proof.status]}{counted}{self._on}"

    @property
    def _on(self) -> str:
        ran = self.proof.ran
        if ran is None:
            return ""
        known = [
            f"{title} {_short(ran.versions[name])}"
            for name, title in (("fastapi", "FastAPI"), ("python", "Python"))
            if name in ran.versions
        ]
        when = [_day(self.proof.on)] if self.proof.on else []
        return f" on {', '.join([*known, *when])}"

    @property
    def seen(self) -> list[tuple[str, int]]:
        return list(self.proof.seen.items())

    @property
    def elsewhere(self) -> list[World]:
        """From the oldest version to today's."""
        known = [World(self._version(name), holds) for name, holds in self.proof.elsewhere.items()]
        return sorted(known, key=_age)

    def _version(self, environment: str) -> str:
        if environment == CURRENT and self.proof.ran:
            return _short(self.proof.ran.versions.get("fastapi", environment))
        return environment.partition("-")[2] or environment

    @property
    def rows(self) -> list[Row]:
        question = self.card.question
        names = question.claim_texts()
        own = [_row(names.get(t.claim, t.claim), t) for t in self.proof.claims]
        worlds = [
            _row(f"{names.get(t.claim, t.claim)} (in its own world)", t) for t in self.proof.worlds
        ]
        drawn = {}
        for place, (draw, values) in enumerate(zip(question.draws, question.vary, strict=True)):
            for name, text in draw.claim_texts().items():
                of = _numbers(values)
                drawn[f"vary[{place}] {name}"] = f"{text} ({of})"
                drawn[f"vary[{place}] world {name}"] = f"{text} ({of}, in its own world)"
        draws = [_row(drawn.get(t.claim, t.claim), t) for t in self.proof.draws]
        return [*own, *worlds, *draws]

    @property
    def versions(self) -> str:
        ran = self.proof.ran
        if ran is None:
            return ""
        told = ", ".join(f"{name} {version}" for name, version in ran.versions.items())
        return f"{told}; {ran.os}"


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {number(value)}" for name, value in values.items())


def _row(text: str, tested: Tested) -> Row:
    expected = {True: "in every run", False: "in no run", None: "not in every run"}
    values = [_value(path, found) for path, found in tested.values.items()]
    said = tested.unsaid or f"held in {tested.held} of {tested.of}"
    return Row(text, expected[tested.expected], said, tested.is_well, tuple(values))


def _value(path: str, found: Sequence[object]) -> str:
    """The least and the greatest, or all that there were."""
    return " … ".join(dict.fromkeys(says(path, value) for value in found))


def shipped(request: Request, card: Card) -> Proven | None:
    """What came with the pack; None where nobody has proven it yet.

    A question that no run decides goes by the documentation, whether or not a record says so.
    """
    if not needs(card.question):
        return Proven(card, Proof(id=card.question.id, status="documentation"), stale=False)
    record = state(request)["shelf"].catalog.proofs.get(card.pack.slug)
    return _proven(card, record.of(card.question.id) if record else None)


def made_here(request: Request, card: Card) -> Proven | None:
    """This machine's own, if it has proven it."""
    return _proven(card, state(request)["proofs"].made(card.pack.slug, card.question.id))


def _proven(card: Card, proof: Proof | None) -> Proven | None:
    if proof is None or card.demo is None:
        return None
    stale = bool(proof.hash) and proof.hash != hash_of(card.question, {card.demo.name: card.demo})
    return Proven(card, proof, stale)


def _age(world: World) -> list[int]:
    return [int(number) for number in world.name.split(".") if number.isdigit()]


def _short(version: str) -> str:
    """ "0.165" of "0.165.0"."""
    return ".".join(version.split(".")[:2])


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
