"""Every claim of a pack, checked against a real run: right answers hold, wrong answers do not."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from quiz.kinds.choice import Choice
from quiz.kinds.cloze import Cloze
from quiz.kinds.line import LineQuestion
from quiz.kinds.match import Match
from quiz.kinds.number import Number
from quiz.kinds.ordering import Ordering
from quiz.kinds.predict import Predict
from quiz.kinds.text import TextQuestion
from quiz.packs.catalog import load
from quiz.proofs.judge import Facts, RequiredRun, every, judge, required_runs
from quiz.questions.base import Question
from quiz.questions.demo_ref import DemoRef
from quiz.settings import Settings
from tests.live.once import Asked, Play, ask
from tests.packs import names

CATALOG = load(Settings.read(os.environ))
PACK = CATALOG.packs["background-tasks"]
# Each as it is, and with each other set of numbers.
SHOWN = [one for question in PACK.questions for one in every(question) if one.demo]
ELSEWHERE = {
    f"{id}-{name}": (question, name)
    for id, question in zip(names(SHOWN), SHOWN, strict=True)
    for name in question.counterfactuals()
}


def where(demo: DemoRef) -> tuple[str, str | None, str | None, Mapping[str, float]]:
    return demo.name, demo.variant, demo.environment, demo.parameters


def runs() -> Iterator[Asked]:
    for question in SHOWN:
        assert question.demo
        yield ask(*where(question.demo))
    for question, name in ELSEWHERE.values():
        yield ask(*where(question.counterfactuals()[name][0]))


WANTED = list(runs())


@pytest.mark.parametrize("question", SHOWN, ids=names(SHOWN))
def test_a_run_confirms_the_right_answers_and_no_others(play: Play, question: Question) -> None:
    assert question.demo
    outcomes = question.outcomes(play(*where(question.demo)).timeline.facts)
    assert {name: outcome.error for name, outcome in outcomes.items() if outcome.error} == {}
    must = {name: held for name, held in question.expected().items() if held is not None}
    assert {name: outcomes[name].held for name in must} == must


@pytest.mark.parametrize("question", SHOWN, ids=names(SHOWN))
def test_the_code_beside_a_stem_fits_in_its_frame(question: Question) -> None:
    assert question.demo
    assert question.demo.variant
    assert question.excerpt
    demo = CATALOG.demos[question.demo.name]
    code = demo.excerpt(question.demo.variant, question.excerpt, question.demo.parameters)
    assert max(map(len, code.splitlines())) <= 80


@pytest.mark.parametrize("question", SHOWN, ids=names(SHOWN))
def test_a_run_decides_a_question_alone(play: Play, question: Question) -> None:
    assert question.demo
    assert play(*where(question.demo)).status == "finished"
    assert question.expected()


@pytest.mark.parametrize(("question", "name"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_counterfactual_holds_in_its_run(play: Play, question: Question, name: str) -> None:
    ref, claim = question.counterfactuals()[name]
    assert claim.check(play(*where(ref)).timeline.facts).held is True


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
        case LineQuestion():
            for other in question.others:
                if other.holds:
                    changed = {"line": other.line, "holds": other.holds.source, "others": ()}
                    yield anew(question, **changed)
        case Cloze():
            assert question.holds
            yield anew(question, holds=f"!({question.holds.source})")
        case Match():
            for place, item in enumerate(question.items):
                wrong_one = next(o.id for o in question.options if o.id != item.match)
                items = list(question.items)
                items[place] = item.model_copy(update={"match": wrong_one})
                yield question.model_copy(update={"items": tuple(items)})
        case Predict():
            for place, relation in enumerate(question.relations):
                others = list(question.relations)
                others[place] = relation.opposite
                yield question.model_copy(update={"relations": tuple(others)})


def wrongly(question: Question) -> Iterator[Question]:
    """The same question with a wrong key, its own or that of one of its draws."""
    yield from flipped(question)
    for place, draw in enumerate(question.variants):
        for wrong in flipped(draw):
            before, after = question.variants[:place], question.variants[place + 1 :]
            yield question.with_variants((*before, wrong, *after))


def anew(question: Question, **changed: Any) -> Question:
    """Reads the question again, because a kind may have cached data of the right answer."""
    return type(question).model_validate(question.model_dump() | changed)


def facts_for(play: Play, question: Question) -> dict[RequiredRun, list[Facts]]:
    """The facts of a run for each run that the question requires."""
    return {
        need: [
            play(need.demo, need.variant, need.environment, dict(need.parameters)).timeline.facts
        ]
        for need in required_runs(question)
    }


def test_no_run_proves_a_flipped_key(play: Play) -> None:
    accepted, tried = [], 0
    for question in SHOWN:
        for wrong in wrongly(question):
            tried += 1
            if judge(wrong, facts_for(play, wrong)).status == "proven":
                accepted.append(question.id)
    assert tried > 100
    assert len(accepted) <= tried / 100, f"{len(accepted)} of {tried}: {accepted}"
