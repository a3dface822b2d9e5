"""The run on the first page is real and reveals no answer of a question."""

import os

import pytest

from quiz.packs.catalog import load
from quiz.packs.files import FIRST_RUN
from quiz.questions.base import Question
from quiz.runs import serialization
from quiz.settings import Settings

CATALOG = load(Settings.read(os.environ))
RUN = serialization.load(FIRST_RUN.read_text(encoding="utf-8"))
QUESTIONS = [question for pack in CATALOG.packs.values() for question in pack.questions]


def test_the_first_run_is_undisturbed_and_has_the_current_code() -> None:
    assert (RUN.status, RUN.disturbed) == ("finished", False)
    demo = CATALOG.demos[RUN.demo]
    assert RUN.source == demo.source(RUN.variant, demo.values(RUN.variant, {}))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_question_asks_about_the_demo_of_the_first_run(question: Question) -> None:
    assert question.demo is None or question.demo.name != RUN.demo


def test_the_first_run_has_no_background_work() -> None:
    """All that the packs ask about: so it decides none of their claims on background work."""
    assert not any(span.background for span in RUN.timeline.spans)
    assert "background_ms" not in RUN.timeline.facts
