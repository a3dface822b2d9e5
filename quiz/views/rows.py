"""Questions as the rows of a list, each with its stem and the learner's mark."""

from dataclasses import dataclass

from markupsafe import Markup

from quiz.content import Catalog
from quiz.pack import Pack
from quiz.views import trail
from quiz.views.card import card


@dataclass(frozen=True, slots=True)
class Row:
    href: str
    stem: Markup
    sign: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """A topic with its questions."""

    slug: str
    title: str
    score: str
    rows: list[Row]


def section(catalog: Catalog, pack: Pack, topic: str, marks: trail.Standings) -> Section:
    questions = pack.of_topic(topic)
    pips = trail.trail(pack, topic, marks)
    rows = [
        Row(
            pip.href,
            card(catalog, pack, question).stem,
            pip.sign,
            pip.mark,
            trail.said(marks.get(question.id)),
        )
        for question, pip in zip(questions, pips, strict=True)
    ]
    return Section(topic, pack.topics[topic].title, trail.scored(questions, marks), rows)
