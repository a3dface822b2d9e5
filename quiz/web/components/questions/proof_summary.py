"""A question's proof: a line under the answer, and in full on the proof's own page. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from quiz.claims.facts import says
from quiz.packs.catalog import Catalog
from quiz.proofs.judge import hash_of, required_runs
from quiz.proofs.record import ClaimResult, Proof
from quiz.proofs.service import Proofs
from quiz.questions.placeholders import number
from quiz.web.components.questions.question_card import Card

CURRENT = "current"
STATUS = {
    "proven": "Proven",
    "failed": "Refuted: a run did not bear the right answer out",
    "unstable": "Unstable: it did not come out the same in every run",
    "unproven": "Not proven yet",
    "documentation": "From the documentation",
}


@dataclass(frozen=True, slots=True)
class VersionResult:
    """A version of the library, and whether the right answer holds in it."""

    name: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A claim: what was expected, what the runs showed, and the values they had."""

    text: str
    expected: str
    said: str
    is_well: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class ProofSummary:
    """`stale`: the question or its demo has changed since the proof was made."""

    card: Card
    proof: Proof
    stale: bool

    @property
    def href(self) -> str:
        return f"{self.card.href}/proof"

    @property
    def is_told(self) -> bool:
        """Whether the answer goes by the documentation, because no run can decide it."""
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
    def versions(self) -> str:
        ran = self.proof.ran
        if ran is None:
            return ""
        told = ", ".join(f"{name} {version}" for name, version in ran.versions.items())
        return f"{told}; {ran.os}"

    @property
    def seen(self) -> list[tuple[str, int]]:
        return list(self.proof.seen.items())

    @property
    def elsewhere(self) -> list[VersionResult]:
        """Results by version of the library, the oldest first."""
        results = self.proof.elsewhere.items()
        known = [VersionResult(self._version(name), holds) for name, holds in results]
        return sorted(known, key=_age)

    def _version(self, environment: str) -> str:
        if environment == CURRENT and self.proof.ran:
            return _short(self.proof.ran.versions.get("fastapi", environment))
        return environment.partition("-")[2] or environment

    @property
    def rows(self) -> list[Row]:
        """Claims of the question, of its counterfactuals, then of its variants."""
        names = self.card.question.claim_texts()
        variants = self._variant_texts()
        return [
            *(_row(names.get(t.claim, t.claim), t) for t in self.proof.claims),
            *(
                _row(f"{names.get(t.claim, t.claim)} (in its own world)", t)
                for t in self.proof.counterfactuals
            ),
            *(_row(variants.get(t.claim, t.claim), t) for t in self.proof.draws),
        ]

    def _variant_texts(self) -> dict[str, str]:
        question, texts = self.card.question, dict[str, str]()
        for place, (draw, values) in enumerate(zip(question.variants, question.vary, strict=True)):
            of = _numbers(values)
            for name, text in draw.claim_texts().items():
                texts[f"vary[{place}] {name}"] = f"{text} ({of})"
                texts[f"vary[{place}] world {name}"] = f"{text} ({of}, in its own world)"
        return texts


def shipped(catalog: Catalog, card: Card) -> ProofSummary | None:
    """The proof that came with the pack; None if the pack has none.

    A question that no run decides goes by the documentation, with or without a record.
    """
    if not required_runs(card.question):
        return ProofSummary(card, Proof(id=card.question.id, status="documentation"), stale=False)
    record = catalog.proofs.get(card.pack.slug)
    return _summary(card, record.of(card.question.id) if record else None)


async def load_local(proofs: Proofs, card: Card) -> ProofSummary | None:
    """The proof that this machine made; None if it made none."""
    made = await proofs.made(card.pack.slug, card.question.id)
    return _summary(card, made)


def _summary(card: Card, proof: Proof | None) -> ProofSummary | None:
    if proof is None or card.demo is None:
        return None
    stale = bool(proof.hash) and proof.hash != hash_of(card.question, {card.demo.name: card.demo})
    return ProofSummary(card, proof, stale)


def _row(text: str, tested: ClaimResult) -> Row:
    expected = {True: "in every run", False: "in no run", None: "not in every run"}
    values = [_value(path, found) for path, found in tested.values.items()]
    said = tested.unsaid or f"held in {tested.held} of {tested.of}"
    return Row(text, expected[tested.expected], said, tested.passed, tuple(values))


def _value(path: str, found: Sequence[object]) -> str:
    """The smallest and the largest value, or every value that was seen."""
    return " … ".join(dict.fromkeys(says(path, value) for value in found))


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {number(value)}" for name, value in values.items())


def _age(result: VersionResult) -> list[int]:
    return [int(number) for number in result.name.split(".") if number.isdigit()]


def _short(version: str) -> str:
    """ "0.165" of "0.165.0"."""
    return ".".join(version.split(".")[:2])


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
