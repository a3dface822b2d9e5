"""Questions as rows of a list, each with its stem and the learner's mark. Pure."""

from dataclasses import dataclass

from markupsafe import Markup

from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.question_card import card


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


def section(catalog: Catalog, pack: Pack, topic: str, marks: progress_markers.Standings) -> Section:
    questions = pack.of_topic(topic)
    rows = [
        Row(
            marker.href,
            card(catalog, pack, question).stem,
            marker.sign,
            marker.mark,
            progress_markers.said(marks.get(question.id)),
        )
        for question, marker in zip(
            questions, progress_markers.markers(pack, topic, marks), strict=True
        )
    ]
    return Section(topic, pack.topics[topic].title, progress_markers.scored(questions, marks), rows)
