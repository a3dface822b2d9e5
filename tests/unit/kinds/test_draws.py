"""A question with other numbers: its texts, its claims and its right answer change."""

from pathlib import Path

import pytest

from quiz.demos.loader import load_demos
from quiz.kinds.choice import Choice
from quiz.kinds.number import Number
from quiz.proofs.judge import Facts, RequiredRun, hash_of, judge, required_runs, wants_more
from quiz.questions.base import Question
from quiz.web.components.questions.proof_summary import ProofSummary
from quiz.web.components.questions.question_card import Card
from tests.packs import pack, problems, question, sound

DEMOS, _ = load_demos()
A, B = "parameters.task_a_seconds", "parameters.task_b_seconds"
SUM = f"answer: {A} + {B}"
DEMO = "demo: {name: task_order}\n    stem: How many seconds in all?"
VARIED = "demo: {name: task_order}\n    vary: [{task_a_seconds: 1}, {task_a_seconds: 3}]\n"
STEM = "    stem: A takes {task_a_seconds} s. How many in all?"
NUMBER = sound((DEMO, VARIED + STEM), ("answer: 3", SUM))
TOTAL = "demo: {name: task_order, variant: one_by_one, parameters: {task_a_seconds: 2}}\n"
KEYS = (
    (TOTAL, f"{TOTAL}    vary: [{{task_a_seconds: 0.5}}]\n"),
    (
        "        holds: background_ms < 2500.0",
        f"        key: {A} < 1.0\n        holds: background_ms > 0",
    ),
    ("        key: true\n        holds: background_ms >= 2950.0", f"        key: {A} > 1.0"),
)
WORLD = ("        why: They would", "        true_if: {variant: gathered}\n        why: They would")


def ran(background_ms: float) -> Facts:
    return {"background_ms": background_ms}


def of_draws(asked: Question, *milliseconds: float) -> dict[RequiredRun, list[Facts]]:
    """A run for its own numbers and for each draw, in this order."""
    return {need: [ran(ms)] for need, ms in zip(required_runs(asked), milliseconds, strict=True)}


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    text = sound((DEMO, VARIED + STEM), ("answer: 3", SUM), *changes)
    return [f"{problem.field}: {problem.reason}" for problem in problems(folder, text)]


def test_each_set_of_numbers_builds_the_question_again(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", NUMBER)
    assert isinstance(asked, Number)
    assert (asked.stem, asked.answer) == ("A takes 2 s. How many in all?", 3.0)
    draws = [one for one in asked.variants if isinstance(one, Number)]
    assert [one.stem[:11] for one in draws] == ["A takes 1 s", "A takes 3 s"]
    assert [one.answer for one in draws] == [2.0, 4.0]
    assert {one.id for one in draws} == {"seconds"}


def test_the_numbers_can_decide_which_option_is_right(tmp_path: Path) -> None:
    asked = question(tmp_path, "total", sound(*KEYS))
    (draw,) = asked.variants
    assert isinstance(asked, Choice)
    assert isinstance(draw, Choice)
    assert [set(one.keys) for one in (asked, draw)] == [{"o2"}, {"o1"}]


def test_a_variant_is_found_by_its_numbers_or_else_the_question(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", NUMBER)
    first, second = asked.variants
    assert first.values == {"task_a_seconds": 1.0, "task_b_seconds": 1.0}
    assert asked.variant_with(first.values) is first
    assert asked.variant_with(second.values) is second
    for unknown in (None, {}, asked.values, {"task_a_seconds": 9.0}):
        assert asked.variant_with(unknown) is asked


def test_numbers_that_the_demo_does_not_accept_are_reported_at_their_place(tmp_path: Path) -> None:
    wrong = ("vary: [{task_a_seconds: 1}, {task_a", "vary: [{task_c_seconds: 1}, {task_a")
    assert told(tmp_path, wrong) == [
        "questions[2].vary[0].task_c_seconds: task_c_seconds is not a parameter of task_order,"
        " one_by_one"
    ]
    assert (
        "must lie between 0.1 and 5"
        in told(tmp_path, ("{task_a_seconds: 3}]", "{task_a_seconds: 30}]"))[0]
    )


def test_numbers_without_a_demo_are_an_error(tmp_path: Path) -> None:
    plain = ("    fact: background_ms / 1000.0\n", "")
    said = told(
        tmp_path, plain, ("    demo: {name: task_order}\n    vary", "    vary"), (SUM, "answer: 3")
    )
    assert "questions[2].vary: needs a demo, and the question has none" in said


def test_an_error_with_some_numbers_is_reported_with_those_numbers(tmp_path: Path) -> None:
    halved = (SUM, f"""answer: "{A} > 2.0 ? 'much' : {A}\"""")
    assert told(tmp_path, halved) == [
        "questions[2].vary[1]: with these numbers answer: gives 'much', not a number"
    ]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (f"{A} + background_ms", "background_ms is not a parameter"),
        ("parameters.task_c_seconds", "parameters.task_c_seconds is not a parameter"),
        (f"{A} > 1.0", "gives True, not a number"),
        (f"{A} +", "is not CEL"),
        (f"{A} + three", "cannot be worked out"),
    ],
)
def test_a_formula_can_use_only_parameters(tmp_path: Path, formula: str, reason: str) -> None:
    (said,) = told(tmp_path, (SUM, f"answer: {formula!r}"))
    assert said.startswith(f"questions[2].answer: {reason}")


def test_only_a_question_with_variants_has_another_hash_for_them(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", NUMBER)
    plain = hash_of(question(tmp_path, "seconds"), DEMOS)
    assert hash_of(asked.with_variants(()), DEMOS) == plain
    assert hash_of(asked, DEMOS) != plain
    other = NUMBER.replace("{task_a_seconds: 3}]", "{task_a_seconds: 4}]")
    assert hash_of(question(tmp_path, "seconds", other), DEMOS) != hash_of(asked, DEMOS)


def test_a_key_is_proven_only_with_all_of_its_numbers(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", NUMBER)
    assert [dict(need.parameters)["task_a_seconds"] for need in required_runs(asked)] == [2, 1, 3]
    proof = judge(asked, of_draws(asked, 3000.0, 2000.0, 4000.0))
    assert proof.status == "proven"
    assert [(t.claim, t.passed) for t in proof.draws] == [
        ("vary[0] answer", True),
        ("vary[1] answer", True),
    ]
    assert judge(asked, of_draws(asked, 3000.0, 3000.0, 4000.0)).status == "failed"


def test_a_right_answer_that_is_wrong_with_other_numbers_is_not_proven(tmp_path: Path) -> None:
    asked = question(tmp_path, "seconds", NUMBER.replace(SUM, "answer: 3"))
    assert judge(asked, of_draws(asked, 3000.0, 2000.0, 4000.0)).status == "failed"


def test_a_free_pair_has_to_be_seen_in_both_orders_with_all_numbers(tmp_path: Path) -> None:
    first = "    topic: order\n    difficulty: 2\n    demo: {name: task_order}\n"
    varied = sound((first, f"{first}    vary: [{{task_a_seconds: 1}}]\n"))
    asked = question(tmp_path, "lines", varied)
    call = {"task_a": {"ended_ms": 1.0}, "task_b": {"started_ms": 9.0}}
    facts = {"call": call, "response": {"received_ms": 7.0}}
    proof = judge(asked, {need: [facts] for need in required_runs(asked)})
    assert proof.missing == ("c before a", "vary[0] c before a")
    assert wants_more(asked.variants[0], [facts])


def test_a_proof_lists_each_claim_with_its_numbers(tmp_path: Path) -> None:
    found = pack(tmp_path, sound(*KEYS, ("        true_if: {variant: gathered}\n", ""), WORLD))
    asked = found.questions[0]
    proof = judge(asked, {need: [ran(3000.0)] for need in required_runs(asked)})
    shown = ProofSummary(Card(found, asked, DEMOS["task_order"]), proof, stale=False)
    assert [row.text for row in shown.rows] == [
        "Two seconds",
        "Two seconds (in its own world)",
        "Two seconds (task_a_seconds 0.5)",
        "Two seconds (task_a_seconds 0.5, in its own world)",
    ]
