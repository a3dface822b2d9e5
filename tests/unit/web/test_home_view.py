"""The first page as data: where a newcomer starts and where a returning learner continues."""

from pathlib import Path

import pytest

from quiz.learning.attempt import Standing, Try
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.web.features.home import view
from tests import packs
from tests.attempts import NOON


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return packs.pack(tmp_path)


def catalog(*packs: Pack) -> Catalog:
    found = {pack.slug: pack for pack in packs}
    return Catalog(packs=found, broken=(), demos={}, problems=(), proofs={})


def standing(question: str, pack: str = "small") -> Standing:
    only = Try(f"attempt of {question}", 1.0, False, NOON)
    return Standing(pack, question, 1, only, only, only, only.at)


def test_a_newcomer_starts_with_the_first_question_of_the_first_pack(pack: Pack) -> None:
    link = view.start(catalog(pack))
    assert link
    assert link.href == "/packs/small/total"
    assert view.returning(catalog(pack), {}) is None


def test_without_a_pack_there_is_nothing_to_start() -> None:
    assert view.start(catalog()) is None


def test_a_returning_learner_continues_with_the_next_question(pack: Pack) -> None:
    found = view.returning(catalog(pack), {"small": {"total": standing("total")}})
    assert found
    assert found.words == "Order: 1 of 3 answered."
    assert found.link.href == "/packs/small/lines"
    assert found.link.text == "Continue: question 2 of 3"


def test_a_learner_who_has_answered_everything_is_sent_to_their_progress(pack: Pack) -> None:
    known = {question.id: standing(question.id) for question in pack.questions}
    found = view.returning(catalog(pack), {"small": known})
    assert found
    assert found.link.href == "/progress"


def test_answers_to_a_pack_that_is_gone_do_not_count_as_a_visit(pack: Pack) -> None:
    assert view.returning(catalog(pack), {"gone": {"q": standing("q", "gone")}}) is None


def test_a_pack_s_row_has_a_marker_per_question_and_a_note_per_topic(pack: Pack) -> None:
    row = view.pack_row(pack, {"total": standing("total")})
    (topic,) = row.topics
    assert (row.href, topic.href) == ("/packs/small", "/packs/small#order")
    assert topic.note == "1 of 3 answered"
    assert [marker.mark for marker in topic.markers] == ["right", "", ""]
