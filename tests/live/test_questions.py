"""Every authored claim, held against a real run: right answers hold, wrong ones do not."""

import os
from collections.abc import Iterator, Mapping

import pytest

from quiz.content import load
from quiz.kinds.choice import Choice, Option
from quiz.kinds.number import Number
from quiz.kinds.ordering import Ordering
from quiz.kinds.predict import Predict
from quiz.kinds.text import TextQuestion
from quiz.proof import weigh
from quiz.question import DemoRef, Question
from quiz.settings import Settings
from tests.live.once import Asked, Play, ask

CATALOG = load(Settings.read(os.environ))
PACK = CATALOG.packs["background-tasks"]
SHOWN = [question for question in PACK.questions if question.demo]
ELSEWHERE = [
    (question, option)
    for question in SHOWN
    if isinstance(question, Choice)
    for option in question.options
    if option.true_if
]


def world_of(question: Question, option: Option) -> DemoRef:
    assert question.demo
    assert option.true_if
    return question.demo.at(option.true_if)


def where(demo: DemoRef) -> tuple[str, str | None, str | None, Mapping[str, float]]:
    return demo.name, demo.variant, demo.environment, demo.parameters


def runs() -> Iterator[Asked]:
    for question in SHOWN:
        assert question.demo
        yield ask(*where(question.demo))
    for question, option in ELSEWHERE:
        yield ask(*where(world_of(question, option)))


WANTED = list(runs())


@pytest.mark.parametrize("question", SHOWN, ids=lambda question: question.id)
def test_a_run_bears_out_the_right_answers_and_no_other(play: Play, question: Question) -> None:
    assert question.demo
    outcomes = question.outcomes(play(*where(question.demo)).timeline.facts)
    assert {name: outcome.error for name, outcome in outcomes.items() if outcome.error} == {}
    must = {name: held for name, held in question.expected().items() if held is not None}
    assert {name: outcomes[name].held for name in must} == must


@pytest.mark.parametrize("question", SHOWN, ids=lambda question: question.id)
def test_the_code_beside_a_stem_fits_in_its_frame(question: Question) -> None:
    assert question.demo
    assert question.demo.variant
    assert question.excerpt
    demo = CATALOG.demos[question.demo.name]
    code = demo.excerpt(question.demo.variant, question.excerpt, question.demo.parameters)
    assert max(map(len, code.splitlines())) <= 80


@pytest.mark.parametrize("question", SHOWN, ids=lambda question: question.id)
def test_a_run_decides_a_question_alone(play: Play, question: Question) -> None:
    assert question.demo
    assert play(*where(question.demo)).status == "finished"
    assert question.expected()


@pytest.mark.parametrize(
    ("question", "option"), ELSEWHERE, ids=[f"{q.id}-{option.id}" for q, option in ELSEWHERE]
)
def test_a_wrong_option_holds_in_the_world_that_it_names(
    play: Play, question: Choice, option: Option
) -> None:
    outcomes = question.outcomes(play(*where(world_of(question, option))).timeline.facts)
    assert outcomes[option.id].held is True


def flipped(question: Question) -> Iterator[Question]:
    """The same question with another answer as the right one."""
    match question:
        case Choice():
            for right in question.options:
                if not right.key and right.holds:
                    keys = [o.model_copy(update={"key": o is right}) for o in question.options]
                    yield question.model_copy(update={"options": tuple(keys)})
        case Ordering():
            for place, pair in enumerate(question.before):
                turned = (*question.before[:place], pair[::-1], *question.before[place + 1 :])
                yield question.model_copy(update={"before": turned})
        case Number():
            wrong = question.answer + 2 * question.tolerance + 1
            yield question.model_copy(update={"answer": wrong})
        case TextQuestion():
            yield question.model_copy(update={"accepted": (f"not {question.accepted[0]}",)})
        case Predict():
            for place, relation in enumerate(question.relations):
                others = list(question.relations)
                others[place] = relation.opposite
                yield question.model_copy(update={"relations": tuple(others)})


def test_no_run_proves_a_flipped_key(play: Play) -> None:
    accepted, tried = [], 0
    for question in SHOWN:
        for wrong in flipped(question):
            assert wrong.demo
            tried += 1
            facts = play(*where(wrong.demo)).timeline.facts
            if all(one.is_well for one in weigh(wrong, [facts])):
                accepted.append(question.id)
    assert tried > 100
    assert len(accepted) <= tried / 100, f"{len(accepted)} of {tried}: {accepted}"
