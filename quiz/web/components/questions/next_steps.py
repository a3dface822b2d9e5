"""The next steps in a topic: the question after an answer, missed ones, open ones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.progress_markers import Link, Standings, question_href


@dataclass(frozen=True, slots=True)
class RelatedQuestion:
    """A question to practise after a miss. `words` say why it fits; `stem` is Markdown."""

    words: str
    href: str
    stem: str


def after(pack: Pack, question: Question, attempt: str, marks: Standings) -> Link:
    """After a retry the next missed question, else the next open one, else the topic's end.

    `attempt` is the id of the answer that the page shows.
    """
    questions = pack.of_topic(question.topic)
    number = pack.number_of(question)
    later = questions[number:]
    standing = marks.get(question.id)
    if standing and standing.first.attempt != attempt and (left := missed(later, marks)):
        return Link(question_href(pack, left[0]), "Next one you missed")
    if left := unanswered((*later, *questions[: number - 1]), marks):
        return Link(question_href(pack, left[0]), "Next question")
    return Link(done_href(pack, question.topic), "See how it went")


def missed(questions: Sequence[Question], marks: Standings) -> list[Question]:
    """Questions whose latest answer is not right, or was shown."""
    return [
        q
        for q in questions
        if q.id in marks and progress_markers.mark(marks[q.id].latest) != "right"
    ]


def unanswered(questions: Sequence[Question], marks: Standings) -> list[Question]:
    return [question for question in questions if question.id not in marks]


def related(
    pack: Pack, question: Question, beliefs: Sequence[str], marks: Standings
) -> RelatedQuestion | None:
    """After a miss: another question on the same misconception, else on the same concept.

    An open question comes first, then one not right lately, then the rest in the pack's order.
    """
    others = [other for other in pack.questions if other.id != question.id]
    words = "A question on just this"
    alike = [other for other in others if other.misconceptions & set(beliefs)]
    if not alike and question.concept:
        words = "A question on the same concept"
        alike = [other for other in others if other.concept == question.concept]
    if not alike:
        return None
    best = min(alike, key=lambda other: _known(other, marks))
    return RelatedQuestion(words, question_href(pack, best), best.stem)


def _known(question: Question, marks: Standings) -> int:
    """0 without an answer, 1 if the latest answer is not right, 2 if it is right."""
    if question.id not in marks:
        return 0
    return 2 if progress_markers.mark(marks[question.id].latest) == "right" else 1


def retry(pack: Pack, topic: str, marks: Standings) -> Link | None:
    """Link to the first missed question; `after` leads from there to the next ones."""
    questions = missed(pack.of_topic(topic), marks)
    if not questions:
        return None
    which = "the one" if len(questions) == 1 else f"the {len(questions)}"
    return Link(question_href(pack, questions[0]), f"Retry {which} you missed")


def rest(pack: Pack, topic: str, marks: Standings) -> Link | None:
    """Link to the topic's first open question."""
    questions = pack.of_topic(topic)
    left = unanswered(questions, marks)
    if not left:
        return None
    number = questions.index(left[0]) + 1
    word = "Go on" if len(left) < len(questions) else "Start"
    return Link(question_href(pack, left[0]), f"{word}: question {number} of {len(questions)}")


def next_topic(pack: Pack, topic: str, marks: Standings) -> str | None:
    """The next topic with an open question; after the last topic the search begins again."""
    topics = list(pack.topics)
    place = topics.index(topic)
    for slug in topics[place + 1 :] + topics[:place]:
        if unanswered(pack.of_topic(slug), marks):
            return slug
    return None


def done_href(pack: Pack, topic: str) -> str:
    return f"/topics/{pack.slug}/{topic}/done"
