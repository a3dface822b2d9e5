"""A classroom poll, from plain data: no app, no request, no storage."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quiz.demos.loader import load_demos
from quiz.storage.classroom import Poll, Turnout
from quiz.web.components.questions.question_card import Card
from quiz.web.features.classroom.classroom_poll import ClassroomPoll
from tests import packs
from tests.attempts import NOON


@pytest.fixture(scope="module")
def poll(tmp_path_factory: pytest.TempPathFactory) -> ClassroomPoll:
    pack = packs.pack(tmp_path_factory.mktemp("pack"))
    question = pack.question("total")
    assert question
    card = Card(pack, question, load_demos()[0]["task_order"])
    turnout = Turnout((["o1"], ["o1"], ["o2"]), looked=0)
    return ClassroomPoll(
        card, Poll(pack="small", question="total", began=NOON), turnout, None, NOON
    )


def test_counts_are_hidden_until_the_teacher_shows_them(poll: ClassroomPoll) -> None:
    shown = replace(poll, round=replace(poll.round, shown=True))
    assert [row.n for row in poll.rows] == [None, None]
    assert [(row.n, row.share) for row in shown.rows] == [(2, 100), (1, 50)]


def test_the_right_answer_is_hidden_until_the_run_is_over(poll: ClassroomPoll) -> None:
    shown = replace(poll, round=replace(poll.round, shown=True))
    assert not any(row.right for row in (*poll.rows, *shown.rows))


def test_without_a_demo_the_right_answer_is_shown_with_the_counts(poll: ClassroomPoll) -> None:
    card = replace(poll.card, demo=None)
    shown = replace(poll, card=card, round=replace(poll.round, shown=True))
    assert [row.right for row in shown.rows] == [False, True]


def test_the_version_changes_with_an_answer_and_not_with_the_clock(poll: ClassroomPoll) -> None:
    later = replace(poll, now=poll.now + timedelta(minutes=1))
    more = replace(poll, turnout=Turnout((["o1"],), looked=1))
    assert later.version == poll.version != more.version
