"""A mock interview as pages show it: its items, its clock, the attempts that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from markupsafe import Markup
from starlette.datastructures import FormData

from quiz.learning.attempt import Attempt, new_id
from quiz.packs.catalog import Catalog
from quiz.questions.answers import Answer, AnswerError
from quiz.questions.base import Question
from quiz.storage.mock_interviews import Item, MockAnswer, MockInterview
from quiz.web.components.questions import interview_card as interview_cards
from quiz.web.components.questions.interview_card import InterviewCard
from quiz.web.components.questions.question_card import Card, card
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import State


@dataclass(frozen=True, slots=True)
class MockItem:
    """An item and the learner's answer. Both cards are None if the item is gone from its pack.

    `given` is the parsed answer; None for a draft, and for a question that changed since.
    """

    place: int
    item: Item
    card: Card | None
    interview_card: InterviewCard | None
    answer: MockAnswer | None
    given: Answer | None

    @property
    def topic(self) -> str:
        if self.card:
            return self.card.topic.title
        return self.interview_card.title if self.interview_card else self.item.name

    @property
    def words(self) -> Markup | str:
        if self.card:
            return self.card.stem
        if self.interview_card:
            return self.interview_card.ask
        return f"{self.item.name}, no longer in its pack"

    @property
    def answered(self) -> bool:
        if self.card:
            return self.given is not None
        return bool(self.interview_card and self.answer and self.answer.form)

    @property
    def gone(self) -> bool:
        return self.card is None and self.interview_card is None

    @property
    def label(self) -> str:
        if self.gone:
            return "gone"
        done = "said" if self.interview_card else "answered"
        return done if self.answered else "open"


@dataclass(frozen=True, slots=True)
class OwnInterview:
    """A mock interview of the caller."""

    interview: MockInterview
    items: Sequence[MockItem]

    @property
    def open(self) -> list[MockItem]:
        return [item for item in self.items if item.label == "open"]

    def at(self, place: int) -> MockItem:
        """The item at a place, counted from 1. Raises HttpError 404."""
        if 0 < place <= len(self.items):
            return self.items[place - 1]
        detail = f"This interview has {len(self.items)} questions."
        actions = (("Go on", href(self.interview)),)
        raise HttpError(404, "No such question", detail, "", actions)


async def load_own(services: State, learner: str, id: str) -> OwnInterview:
    """Raises HttpError 404 for an unknown id and for another learner's interview."""
    interviews = services["storage"].interviews
    found = await interviews.get(id)
    if found is None or found.learner != learner:
        mend = "It may have been given up, or belong to another learner."
        actions = (("To the interview", "/interview"),)
        raise HttpError(
            404, "No such interview", f"There is no interview {id} here.", mend, actions
        )
    answers = await interviews.answers(found)
    return OwnInterview(found, items(services["shelf"].catalog, found, answers))


def href(interview: MockInterview, part: int | str = "") -> str:
    """Address of the interview, or of a part of it: a place, "finish"."""
    return f"/interview/{interview.id}/{part}" if part else f"/interview/{interview.id}"


def ended(interview: MockInterview) -> HttpError:
    detail = "It has ended, so nothing in it can be changed any more."
    actions = (("To its report", href(interview)),)
    return HttpError(409, "This interview has ended", detail, "", actions)


def items(
    catalog: Catalog, interview: MockInterview, answers: Sequence[MockAnswer]
) -> list[MockItem]:
    known = {answer.place: answer for answer in answers}
    return [
        _item(catalog, place, item, known.get(place))
        for place, item in enumerate(interview.items, 1)
    ]


def _item(catalog: Catalog, place: int, item: Item, answer: MockAnswer | None) -> MockItem:
    question, interview_card = _cards(catalog, item)
    given = _parsed(question.question, answer) if question and answer else None
    return MockItem(place, item, question, interview_card, answer, given)


def _cards(catalog: Catalog, item: Item) -> tuple[Card | None, InterviewCard | None]:
    pack = catalog.packs.get(item.pack)
    if pack and item.kind == "question" and (question := pack.question(item.name)):
        return card(catalog, pack, question), None
    if pack and item.kind == "aloud" and (topic := pack.topics.get(item.name)):
        return None, interview_cards.card(catalog, pack, topic)
    return None, None


def _parsed(question: Question, answer: MockAnswer) -> Answer | None:
    try:
        return question.parse(FormData(list(answer.form)))
    except AnswerError:
        return None


# The clock.


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds left as of now; negative after the deadline."""

    seconds: int

    @property
    def words(self) -> str:
        if self.seconds <= 0:
            return "The time has run out. An answer is taken all the same, and said to be late."
        minutes = ceil(self.seconds / 60)
        return f"{minutes} minutes left" if minutes > 1 else "The last minute"


def clock(interview: MockInterview, now: datetime) -> Clock | None:
    """None for an interview without a time limit."""
    if interview.deadline is None:
        return None
    return Clock(ceil((interview.deadline - now).total_seconds()))


# The attempts.


def attempts(
    catalog: Catalog, interview: MockInterview, answers: Sequence[MockAnswer]
) -> list[Attempt]:
    """An attempt per answered question, in order of time."""
    found = (_attempt(interview, item) for item in items(catalog, interview, answers))
    return sorted((one for one in found if one), key=lambda one: one.at)


def _attempt(interview: MockInterview, item: MockItem) -> Attempt | None:
    if item.card is None or item.answer is None or item.given is None:
        return None
    question = item.card.question
    return Attempt(
        id=new_id(),
        learner=interview.learner,
        token=interview.token_of(item.place),
        pack=item.item.pack,
        question=question.id,
        kind=question.kind,
        answer=item.given,
        score=question.grade(item.given).score,
        at=item.answer.at,
        confidence=item.answer.confidence,
    )
