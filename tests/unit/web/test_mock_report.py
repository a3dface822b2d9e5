"""A mock interview's report as data, without a server or a database."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.learning.attempt import Attempt
from quiz.packs.catalog import Catalog
from quiz.storage.mock_interviews import Fields, Item, MockAnswer, MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.web.features.interviews import mock_item
from quiz.web.features.interviews.mock_report import Report
from quiz.web.features.interviews.mock_start_routes import earlier_row
from tests import packs
from tests.attempts import ANNA, NOON

END = NOON + timedelta(minutes=9)
TOPICS = "  order:\n    title: Order\n    interview: {ask: What is it?, answer: It is that.}\n"
ITEMS = (
    Item("small", "question", "total"),
    Item("small", "question", "seconds"),
    Item("small", "question", "gone"),
    Item("small", "aloud", "order"),
)
RIGHT = (("answer", "o2"),)
WRONG = (("answer", "o1"),)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    pack = packs.pack(tmp_path, packs.sound(("  order: {title: Order}\n", TOPICS)))
    return Catalog(packs={"small": pack}, broken=(), demos={}, problems=(), proofs={})


def interview(seconds: int | None = None) -> MockInterview:
    return MockInterview(
        id="i", learner=ANNA, token="t", items=ITEMS, begun=NOON, ended=END, seconds=seconds
    )


def answer(place: int, form: Fields, confidence: str | None = None) -> MockAnswer:
    at = NOON + timedelta(minutes=1)
    return MockAnswer(place=place, form=form, confidence=confidence, at=at)


def report(
    catalog: Catalog,
    answers: Sequence[MockAnswer],
    of: MockInterview | None = None,
    rehearsals: Sequence[Rehearsal] = (),
) -> Report:
    of = of or interview()
    return Report(
        interview=of,
        items=mock_item.items(catalog, of, answers),
        attempts=by_token(mock_item.attempts(catalog, of, answers)),
        rehearsals={(one.pack, one.topic): one for one in rehearsals},
    )


def by_token(attempts: Sequence[Attempt]) -> dict[str, Attempt]:
    return {one.token: one for one in attempts}


def test_a_score_counts_answered_questions_and_names_the_open_ones(catalog: Catalog) -> None:
    found = report(catalog, [answer(1, RIGHT)])
    assert (found.total.right, found.total.open) == ("1 of 1", 2)
    assert found.notes == ["2 questions left open.", "1 item no longer in a pack."]


def test_certain_wrong_answers_are_revised_before_open_questions(catalog: Catalog) -> None:
    found = report(catalog, [answer(1, WRONG, confidence="certain")])
    assert [row.urgency for row in found.revise] == [0, 2, 2]
    assert [row.mark for row in found.revise] == ["wrong", "", ""]


def test_a_right_guess_is_to_revise_and_a_right_answer_is_known(catalog: Catalog) -> None:
    guessed = report(catalog, [answer(1, RIGHT, confidence="guess")])
    assert guessed.revise[-1].item.place == 1
    assert guessed.known == []
    assert [row.item.place for row in report(catalog, [answer(1, RIGHT)]).known] == [1]


def test_an_answer_after_the_deadline_is_late(catalog: Catalog) -> None:
    found = report(catalog, [answer(1, RIGHT)], interview(seconds=30))
    assert found.rows[0].late
    assert "1 answer came after the time." in found.notes
    assert not report(catalog, [answer(1, RIGHT)]).rows[0].late


def test_scores_by_confidence_go_from_certain_to_not_said(catalog: Catalog) -> None:
    answers = [answer(1, RIGHT), answer(2, (("answer", "1"),), confidence="certain")]
    rows = report(catalog, answers).by_confidence
    assert [(row.name, row.right) for row in rows] == [
        ("Certain", "0 of 1"),
        ("Not said", "1 of 1"),
    ]


def test_a_mark_from_before_the_interview_is_not_shown(catalog: Catalog) -> None:
    before, after = (
        Rehearsal(learner=ANNA, pack="small", topic="order", mark="said", at=at)
        for at in (NOON, END)
    )
    (spoken,) = report(catalog, [], rehearsals=[before]).spoken
    assert not any(button.pressed for button in spoken.card.buttons)
    (spoken,) = report(catalog, [], rehearsals=[after]).spoken
    assert [button.value for button in spoken.card.buttons if button.pressed] == ["said"]


def test_an_earlier_interview_is_summarised_from_its_attempts(catalog: Catalog) -> None:
    attempts = mock_item.attempts(catalog, interview(), [answer(1, WRONG)])
    assert earlier_row(interview(), by_token(attempts)).words == "0 of 1 right"
    assert earlier_row(interview(), {}).words == "nothing answered"
