"""The proof file beside the shipped pack: complete, valid, and of the current questions."""

import os
import re

import pytest

from quiz.demos.locks import SHIPPED_LOCKS
from quiz.packs.catalog import load
from quiz.proofs.judge import hash_of
from quiz.proofs.record import Proof
from quiz.questions.base import Question
from quiz.settings import Settings

CATALOG = load(Settings.read(os.environ, packs=()))
ASKED = [(slug, question) for slug, pack in CATALOG.packs.items() for question in pack.questions]
LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
every_question = pytest.mark.parametrize(
    ("pack", "question"), ASKED, ids=[question.id for _, question in ASKED]
)


def proof_of(pack: str, question: Question) -> Proof:
    found = CATALOG.proofs[pack].of(question.id) if pack in CATALOG.proofs else None
    assert found, f"Prove it: quiz prove {pack} --question {question.id}"
    return found


@every_question
def test_every_key_is_proven_or_from_the_documentation(pack: str, question: Question) -> None:
    proof = proof_of(pack, question)
    assert proof.status in ("proven", "documentation")
    assert all(claim.passed for claim in (*proof.claims, *proof.counterfactuals, *proof.draws))


@every_question
def test_a_key_is_proven_with_each_set_of_numbers(pack: str, question: Question) -> None:
    tested = {claim.claim.partition(" ")[0] for claim in proof_of(pack, question).draws}
    assert tested == {f"vary[{place}]" for place in range(len(question.variants))}


@every_question
def test_no_proof_is_older_than_its_question_or_demo(pack: str, question: Question) -> None:
    proof = proof_of(pack, question)
    mend = f"Prove it again: quiz prove {pack} --question {question.id} --environment all"
    assert proof.status == "documentation" or proof.hash == hash_of(question, CATALOG.demos), mend


@every_question
def test_a_proof_ran_on_the_packages_that_are_locked_today(pack: str, question: Question) -> None:
    if ran := proof_of(pack, question).ran:
        text = (SHIPPED_LOCKS / f"{ran.environment}.txt").read_text(encoding="utf-8")
        locked = {_plain(name): version for name, version in LOCKED.findall(text)}
        known = {_plain(name): version for name, version in ran.versions.items()}
        differ = {name for name in locked.keys() & known.keys() if locked[name] != known[name]}
        assert len(locked.keys() & known.keys()) > 5
        assert differ == set(), f"quiz prove {pack} --question {question.id} --environment all"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_nine_in_ten_questions_are_proven_by_runs() -> None:
    proven = sum(proof_of(*asked).status == "proven" for asked in ASKED)
    assert proven >= 0.9 * len(ASKED)


def test_at_least_six_proofs_cover_several_versions() -> None:
    told = [question.id for pack, question in ASKED if proof_of(pack, question).elsewhere]
    assert len(told) >= 6, told
