"""The result of an answer, from plain data: no app, no request, no storage."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.datastructures import FormData

from quiz.demos.loader import load_demos
from quiz.packs.files import FIRST_RUN
from quiz.runs import serialization
from quiz.storage.disputes import Dispute
from quiz.web.components.questions import answer_result
from quiz.web.components.questions.answer_result import AnswerResult
from quiz.web.components.questions.dispute import DisputeReport
from quiz.web.components.questions.question_card import Card
from tests import packs
from tests.attempts import attempt

RUN = serialization.load(FIRST_RUN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    pack = packs.pack(tmp_path_factory.mktemp("pack"))
    question = pack.question("total")
    assert question
    return Card(pack, question, load_demos()[0]["task_order"])


def result(card: Card, example: str, **given: Any) -> AnswerResult:
    """The result of one of the question's own examples: "correct" or "incorrect"."""
    pairs = card.question.examples()[example][0]  # type: ignore[index]
    answer = card.question.parse(FormData([*pairs]))
    score = card.question.grade(answer).score
    return AnswerResult(card, attempt(answer=answer, score=score, **given))


def test_a_right_answer_is_right_and_a_wrong_one_is_a_miss(card: Card) -> None:
    right, wrong = result(card, "correct"), result(card, "incorrect")
    assert (right.verdict.name, right.is_miss) == ("right", False)
    assert (wrong.verdict.name, wrong.is_miss) == ("wrong", True)


def test_a_hint_is_named_in_the_verdict_and_makes_no_miss(card: Card) -> None:
    hinted = result(card, "correct", hinted=True)
    hinted = replace(hinted, attempt=replace(hinted.attempt, score=0.5))
    assert (hinted.verdict.name, hinted.is_miss) == ("partly", False)
    assert hinted.verdict.words.endswith("with a hint: that is worth half.")


def test_a_shown_answer_is_neither_right_nor_a_miss(card: Card) -> None:
    shown = AnswerResult(card, attempt(answer=None, score=None, revealed=True))
    assert (shown.verdict.name, shown.is_miss, shown.confidence_note) == ("shown", False, "")


def test_only_misplaced_confidence_gets_a_note(card: Card) -> None:
    assert result(card, "incorrect", confidence="certain").confidence_note == answer_result.CERTAIN
    assert result(card, "correct", confidence="guess").confidence_note.startswith("You guessed")
    assert result(card, "correct", confidence="certain").confidence_note == ""


def test_an_attempt_with_removed_numbers_keeps_its_stored_score(card: Card) -> None:
    gone = result(card, "correct", drawn={"task_a_seconds": 99.0})
    assert (gone.verdict.name, gone.verdict.words) == ("right", answer_result.OTHERS)
    assert (gone.outcomes, gone.beliefs, gone.is_miss) == (None, [], False)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"broken": ["web"]}, answer_result.BROKEN),
        ({"timing_error_ms": 40.0}, answer_result.TOO_BUSY),
        ({"events_seen": 24_031}, answer_result.DOUBTED),
    ],
)
def test_a_run_that_decides_nothing_says_why(
    card: Card, changes: dict[str, Any], reason: str
) -> None:
    undecided = replace(result(card, "correct"), run=replace(RUN, **changes))
    assert (undecided.undecided, undecided.outcomes) == (reason, None)


def test_a_disputed_miss_does_not_count(card: Card) -> None:
    wrong = result(card, "incorrect")
    kept = Dispute(wrong.attempt.id, "r1", "r2")
    report = DisputeReport(card.pack, card.question, kept, None, None)
    disputed = replace(wrong, dispute=report)
    assert (disputed.verdict.sign, disputed.is_miss, disputed.undecided) == ("≠", False, "")
