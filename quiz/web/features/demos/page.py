"""The page of a demo: its variants, its form, the questions that its runs answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.demos.model import Demo, Variant
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.questions.demo_ref import DemoRef
from quiz.web.components.questions.next_steps import done_href
from quiz.web.components.questions.progress_markers import Link, Standings
from quiz.web.components.questions.question_rows import Row, section
from quiz.web.components.runs.demo_files import files
from quiz.web.components.runs.parameter_form import ParameterForm
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_comparison import both_sides, side_by_side_button
from quiz.web.components.wording import seconds
from quiz.web.core.request import State


@dataclass(frozen=True, slots=True)
class VariantLink:
    href: str
    title: str
    summary: str
    seconds: str
    here: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions that a run of this variant answers, and those of the demo's other variants."""

    here: list[Row]
    elsewhere: list[Row]


@dataclass(frozen=True, kw_only=True)
class DemoPage:
    form: ParameterForm
    notes: Sequence[str]
    curl: str
    questions: Questions
    interviews: list[Link]

    def context(self) -> dict[str, Any]:
        """Variables of demo.html."""
        choice = self.form.choice
        return {
            "demo": choice.demo,
            "notes": self.notes,
            "form": self.form,
            "variants": [_variant(choice, one) for one in choice.demo.variants.values()],
            "files": files(choice.source),
            "curl": self.curl,
            "side_by_side": side_by_side_button(choice),
            "both": both_sides(choice),
            "questions": self.questions,
            "interviews": self.interviews,
        }


def _variant(choice: Choice, variant: Variant) -> VariantLink:
    """Link to the variant with the values chosen so far, as far as the variant takes them."""
    takes = choice.demo.parameters_of(variant.name)
    values = {name: value for name, value in choice.values.items() if name in takes}
    href = DemoRef(name=choice.demo.name, variant=variant.name, parameters=values).href
    here = variant is choice.variant
    return VariantLink(href, variant.title, variant.summary, seconds(variant.takes), here)


async def load(
    services: State, learner: str, base_url: str, form: ParameterForm, notes: Sequence[str] = ()
) -> DemoPage:
    choice, catalog = form.choice, services["shelf"].catalog
    return DemoPage(
        form=form,
        notes=notes,
        curl=choice.curl(base_url, services["settings"].code),
        questions=await _load_questions(services, learner, choice),
        interviews=_interviews(catalog, choice.demo),
    )


async def _load_questions(services: State, learner: str, choice: Choice) -> Questions:
    catalog, storage = services["shelf"].catalog, services["storage"]
    here, elsewhere = list[Row](), list[Row]()
    for pack in catalog.packs.values():
        about = _about(pack, choice.demo)
        marks = await storage.standings.of_pack(learner, pack.slug) if about else {}
        for variant, row in _rows(catalog, pack, about, marks):
            (here if variant == choice.variant.name else elsewhere).append(row)
    return Questions(here, elsewhere)


def _rows(
    catalog: Catalog, pack: Pack, about: Sequence[Question], marks: Standings
) -> Iterator[tuple[str | None, Row]]:
    """The variant that each question asks about, and the question's row."""
    variants = {question.id: question.demo.variant for question in about if question.demo}
    for topic in dict.fromkeys(question.topic for question in about):
        rows = section(catalog, pack, topic, marks).rows
        for question, row in zip(pack.of_topic(topic), rows, strict=True):
            if question.id in variants:
                yield variants[question.id], row


def _about(pack: Pack, demo: Demo) -> list[Question]:
    return [q for q in pack.questions if q.demo and q.demo.name == demo.name]


def _interviews(catalog: Catalog, demo: Demo) -> list[Link]:
    """Follow-up questions of an interview that this demo answers."""
    return [
        Link(f"{done_href(pack, topic.slug)}#interview", follow_up.ask)
        for pack in catalog.packs.values()
        for topic in pack.topics.values()
        for follow_up in (topic.interview.follow_ups if topic.interview else ())
        if follow_up.demo and follow_up.demo.name == demo.name
    ]
