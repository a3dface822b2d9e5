"""The contract of question kinds.

Each rule of a kind is tested on one question of each form. One more test holds every shipped
question to the rules that its text could break. New kinds and questions need no edit here.
"""

from html.parser import HTMLParser
from typing import Any, Literal

import pytest
from starlette.datastructures import FormData, UploadFile

from quiz.proofs.judge import every
from quiz.questions.answers import AnswerError, Pairs
from quiz.questions.base import Question
from quiz.registry import load_one
from tests.kinds import CATALOG, answer, drawn, outcomes_of, sent
from tests.packs import names

QUESTIONS = [one for pack in CATALOG.packs.values() for q in pack.questions for one in every(q)]
KINDS = load_one("quiz.kinds", "KIND")
OLD: list[Any] = [None, [], ["gone"], [["gone"], ["older"]], {"a": 1}, "text", 7, True, [1], [[{}]]]
KNOWN: tuple[Literal["correct"], Literal["incorrect"]] = ("correct", "incorrect")
# A form is a kind and its number of fields, such as a choice of one option or of several.
FORMS = list({(q.kind, len(q.examples()["correct"][0])): q for q in QUESTIONS}.values())
every_form = pytest.mark.parametrize("asked", FORMS, ids=names(FORMS))
every_question = pytest.mark.parametrize("asked", QUESTIONS, ids=names(QUESTIONS))


@every_form
def test_answers_of_a_class_are_counted_and_no_count_reveals_the_key(asked: Question) -> None:
    correct, incorrect = (answer(asked, asked.examples()[how][0]) for how in KNOWN)
    counted = asked.tally([correct, incorrect, incorrect, *OLD])
    assert sum(count.n for count in counted if count.right) >= 1
    assert sum(count.n for count in counted if not count.right) >= 2
    before = asked.tally([])
    assert all(count.n == 0 for count in before)
    assert len({count.right for count in before}) != 1


def test_a_kind_has_the_name_of_its_folder() -> None:
    for name, kind in KINDS.items():
        assert kind.model_json_schema()["properties"]["kind"]["const"] == name


def test_every_kind_is_asked_in_a_shipped_pack() -> None:
    assert {asked.kind for asked in QUESTIONS} == set(KINDS)


@every_form
def test_examples_of_a_kind_are_graded_as_labelled(asked: Question) -> None:
    examples = asked.examples()
    for form in examples["correct"]:
        assert asked.grade(answer(asked, form)).score == 1
    for form in examples["incorrect"]:
        assert 0 <= asked.grade(answer(asked, form)).score < 1
    assert examples["correct"]
    assert examples["incorrect"]


@every_form
def test_an_invalid_answer_is_refused_with_a_sentence(asked: Question) -> None:
    for form in asked.examples()["invalid"]:
        with pytest.raises(AnswerError, match=r"\.$"):
            asked.parse(sent(form))


@every_form
def test_an_uploaded_file_is_not_an_answer(asked: Question) -> None:
    names = {name for form in asked.examples()["correct"] for name, _ in form}
    form = FormData([(name, UploadFile(file=None)) for name in names])  # type: ignore[arg-type]
    with pytest.raises(AnswerError):
        asked.parse(form)


@every_form
def test_the_form_of_a_kind_has_the_fields_of_its_examples(asked: Question) -> None:
    html = drawn(asked, "question", asked.view(None, "alice"), sent=FormData())
    assert all(f'name="{name}"' in html for name, _ in asked.examples()["correct"][0])
    assert "style=" not in html
    assert "checked" not in html


class Filled(HTMLParser):
    """The fields that a form would send unchanged."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "select":
            self._name = str(has["name"])
        elif tag == "option" and "selected" in has:
            self.pairs.append((self._name, str(has["value"])))
        elif tag == "input" and ("checked" in has or has.get("type") in ("text", "number")):
            self.pairs.append((str(has["name"]), has.get("value") or ""))


@every_form
def test_a_sent_answer_stays_in_its_form(asked: Question) -> None:
    for form in [*asked.examples()["correct"], *asked.examples()["incorrect"]]:
        html = drawn(asked, "question", asked.view(None, "alice"), sent=sent(form))
        assert asked.parse(sent(Filled(html).pairs)) == asked.parse(sent(form))


@every_form
def test_the_form_contains_nothing_of_the_answer(asked: Question) -> None:
    html = drawn(asked, "question", asked.view(None, "alice"))
    assert "Right answer" not in html
    assert "This run" not in html


@every_form
def test_an_answered_question_shows_the_answer_and_no_run(asked: Question) -> None:
    for form in [*asked.examples()["correct"], *asked.examples()["incorrect"]]:
        html = drawn(asked, "answered", asked.view(answer(asked, form), "alice"))
        assert "our answer" in html
        assert "This run" not in html


@every_form
def test_a_question_can_be_shown_without_an_answer(asked: Question) -> None:
    html = drawn(asked, "answered", asked.view(None, "alice"))
    assert "our answer" not in html


@every_form
def test_with_a_run_each_claim_has_an_outcome(asked: Question) -> None:
    outcomes = outcomes_of(asked)
    html = drawn(asked, "answered", asked.view(None, "alice", outcomes))
    assert html.count("This run: ") >= len(outcomes) == len(asked.claims()) > 0


@every_form
def test_an_answer_to_an_earlier_version_is_still_shown(asked: Question) -> None:
    for old in OLD:
        asked.grade(old)
        drawn(asked, "answered", asked.view(old, "alice"))


@every_form
def test_a_question_looks_the_same_at_every_load(asked: Question) -> None:
    first, second = (drawn(asked, "question", asked.view(None, "alice")) for _ in range(2))
    assert first == second


@every_question
def test_a_shipped_question_grades_its_examples_and_hides_its_answer(asked: Question) -> None:
    blank = drawn(asked, "question", asked.view(None, "alice"), sent=FormData())
    assert "Right answer" not in blank
    assert "This run" not in blank
    for form in (asked.examples()[how][0] for how in KNOWN):
        filled = drawn(asked, "question", asked.view(None, "alice"), sent=sent(form))
        assert asked.parse(sent(Filled(filled).pairs)) == asked.parse(sent(form))
    for how in KNOWN:
        scores = [asked.grade(answer(asked, form)).score for form in asked.examples()[how]]
        assert scores
        assert all((score == 1) == (how == "correct") for score in scores)


@every_question
def test_a_shipped_question_shows_each_claim_of_its_run(asked: Question) -> None:
    outcomes = outcomes_of(asked)
    html = drawn(asked, "answered", asked.view(None, "alice", outcomes))
    assert html.count("This run: ") >= len(outcomes) == len(asked.claims()) > 0
