"""The status of a key after repeated runs: proven, failed, unstable or unproven."""

import json
from pathlib import Path
from typing import Any

import pytest

from quiz.claims.expression import Claim
from quiz.demos.loader import load_demos
from quiz.documents.yaml_document import ProblemsError
from quiz.kinds.choice import Choice
from quiz.proofs.judge import MOST_TIMES, RequiredRun, hash_of, judge, required_runs, wants_more
from quiz.proofs.record import Proof, ProofFile
from quiz.questions.base import Question
from tests.packs import question, sound

DEMOS, _ = load_demos()
EITHER = (
    "        key: true\n        holds: background_ms >= 2950.0\n",
    "        key: true\n        either: [background_ms < 2950.0, background_ms >= 2950.0]\n",
)


def ran(background_ms: float, **calls: tuple[float, float]) -> dict[str, Any]:
    told = {name: {"started_ms": at, "ended_ms": to} for name, (at, to) in calls.items()}
    return {"background_ms": background_ms, "call": told, "response": {"received_ms": 7.0}}


def judged(asked: Question, own: list[dict[str, Any]], world: float = 2000.0) -> Proof:
    first, *worlds = required_runs(asked)
    return judge(asked, {first: own} | {need: [ran(world)] for need in worlds})


def test_a_key_that_holds_in_every_run_is_proven(tmp_path: Path) -> None:
    proof = judged(question(tmp_path, "total"), [ran(3000.0), ran(3010.0)])
    assert (proof.status, proof.times) == ("proven", 2)
    assert [(t.claim, t.held, t.of) for t in proof.claims] == [("o1", 0, 2), ("o2", 2, 2)]
    assert not wants_more(question(tmp_path, "total"), [ran(3000.0)])
    assert proof.claims[1].values == {"background_ms": [3000.0, 3010.0]}


def test_a_wrong_option_that_holds_is_as_bad_as_a_key_that_does_not(tmp_path: Path) -> None:
    wide = sound(("holds: background_ms < 2500.0", "holds: background_ms < 9500.0"))
    assert judged(question(tmp_path, "total", wide), [ran(3000.0)]).status == "failed"
    assert judged(question(tmp_path, "total"), [ran(2700.0)]).status == "failed"


def test_a_claim_that_holds_only_sometimes_is_unstable_with_its_counts(tmp_path: Path) -> None:
    proof = judged(question(tmp_path, "total"), [ran(3000.0), ran(2940.0), ran(3000.0)])
    assert proof.status == "unstable"
    assert [(t.held, t.of) for t in proof.claims if t.is_unstable] == [(2, 3)]


def test_a_run_without_the_fact_of_a_claim_proves_nothing(tmp_path: Path) -> None:
    facts = ran(3000.0)
    del facts["background_ms"]
    proof = judged(question(tmp_path, "total"), [facts])
    assert proof.status == "failed"
    assert proof.claims[0].unsaid


def test_a_claim_whose_types_make_it_constant_proves_nothing(tmp_path: Path) -> None:
    """Only a run shows the type of a fact of the demo."""
    asked = question(tmp_path, "total")
    assert isinstance(asked, Choice)
    wrong, right = asked.options
    wrong = wrong.model_copy(update={"holds": Claim.parse("extra.state == 1")})
    asked = asked.model_copy(update={"options": (wrong, right)})
    facts = ran(3000.0) | {"extra": {"state": "PENDING"}}
    proof = judged(asked, [facts, facts])
    assert proof.status == "failed"
    assert "extra.state is a text and 1 is a number" in str(proof.claims[0].unsaid)


def test_a_wrong_option_has_to_hold_in_its_counterfactual(tmp_path: Path) -> None:
    asked = question(tmp_path, "total")
    assert [need.variant for need in required_runs(asked)] == ["one_by_one", "gathered"]
    proof = judged(asked, [ran(3000.0)], world=3000.0)
    assert proof.status == "failed"
    assert [(t.claim, t.passed) for t in proof.counterfactuals] == [("o1", False)]


def test_a_free_pair_has_to_be_seen_in_both_orders(tmp_path: Path) -> None:
    asked = question(tmp_path, "lines")
    # The client has its answer after 7 ms.
    answered_late = ran(0.0, task_a=(0.5, 1.0), task_b=(9.0, 12.0))
    answered_early = ran(0.0, task_a=(1.0, 80.0), task_b=(90.0, 120.0))
    proof = judged(asked, [answered_late])
    assert (proof.status, proof.missing) == ("unproven", ("c before a",))
    assert wants_more(asked, [answered_late])
    assert not wants_more(asked, [answered_late] * MOST_TIMES)
    proof = judged(asked, [answered_late, answered_early])
    assert (proof.status, proof.seen) == ("proven", {"a before c": 1, "c before a": 1})


def test_events_too_close_for_an_order_can_be_a_free_pair(tmp_path: Path) -> None:
    together = ran(0.0, task_a=(1.0, 5.0), task_b=(9.0, 12.0))
    assert judged(question(tmp_path, "lines"), [together]).status == "proven"


def test_an_either_option_is_proven_when_both_outcomes_were_seen(tmp_path: Path) -> None:
    asked = question(tmp_path, "total", sound(EITHER))
    same = judged(asked, [ran(3000.0), ran(3000.0)])
    assert (same.status, same.missing) == ("unproven", ("background_ms < 2950.0",))
    both = judged(asked, [ran(3000.0), ran(2400.0), ran(3000.0)])
    assert both.status == "proven"
    assert both.seen == {"background_ms < 2950.0": 1, "background_ms >= 2950.0": 2}


def test_a_wrong_option_that_always_holds_disproves_an_either_key(tmp_path: Path) -> None:
    asked = question(
        tmp_path,
        "total",
        sound(EITHER, ("holds: background_ms < 2500.0", "holds: background_ms > 0.0")),
    )
    assert judged(asked, [ran(3000.0), ran(2400.0)]).status == "failed"


def test_only_a_right_option_can_have_either(tmp_path: Path) -> None:
    wrong = sound(("        holds: background_ms < 2500.0\n", "        either: [a, b]\n"))
    with pytest.raises(ProblemsError, match="says either"):
        question(tmp_path, "total", wrong)


def test_a_number_is_compared_with_its_fact(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds")
    assert judged(asked, [ran(3100.0)]).status == "proven"
    assert judged(asked, [ran(3300.0)]).status == "failed"


def test_a_question_without_claims_is_from_the_documentation(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", sound(("    fact: background_ms / 1000.0\n", "")))
    assert required_runs(asked) == []
    assert judge(asked, {}).status == "documentation"


def test_the_hash_changes_with_claims_and_code_and_not_with_words(tmp_path: Path) -> None:
    known = hash_of(question(tmp_path, "total"), DEMOS)
    words = sound(("explanation: One after another.", "explanation: In turn."))
    assert hash_of(question(tmp_path, "total", words), DEMOS) == known
    for change in (("< 2500.0", "< 2400.0"), ("task_a_seconds: 2}}", "task_a_seconds: 1}}")):
        assert hash_of(question(tmp_path, "total", sound(change)), DEMOS) != known


def test_equal_requirements_written_differently_are_one_run(tmp_path: Path) -> None:
    default = "demo: {name: task_order}\n    stem: How many"
    short = required_runs(question(tmp_path, "seconds"))
    full = sound((default, default.replace("order}", "order, variant: one_by_one}")))
    assert required_runs(question(tmp_path, "seconds", full)) == short
    assert isinstance(short[0], RequiredRun)


def test_an_impossible_outcome_is_an_error_of_the_pack(tmp_path: Path) -> None:
    wrong = sound((EITHER[0], EITHER[1].replace("[background_ms <", "[backround_ms <")))
    with pytest.raises(ProblemsError, match="backround_ms"):
        question(tmp_path, "total", wrong)


def test_a_proof_file_keeps_the_keys_of_earlier_versions() -> None:
    result = {"claim": "o1", "expected": True, "held": 3, "of": 3}
    text = json.dumps(
        {"pack": "p", "questions": [{"id": "q", "status": "proven", "worlds": [result]}]}
    )
    file = ProofFile.model_validate_json(text)
    assert [found.claim for found in file.questions[0].counterfactuals] == ["o1"]
    written = json.loads(file.model_dump_json(exclude_defaults=True))
    assert written["questions"] == json.loads(text)["questions"]
    assert file.model_dump(mode="json")["questions"][0]["worlds"][0]["claim"] == "o1"
