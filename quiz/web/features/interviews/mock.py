"""A mock interview as pages find and draw it: its items, its clock, the attempts it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import FormData

from quiz.learning.attempt import Attempt, new_id
from quiz.packs.catalog import Catalog
from quiz.questions.base import Answer, AnswerError, Question
from quiz.storage.mock_interviews import Fields, Item, MockAnswer, MockInterview
from quiz.web.components.questions import interview_card as aloud
from quiz.web.components.questions.interview_card import InterviewCard
from quiz.web.components.questions.question_card import Card, card
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import learner, state

SAID = (("said", "yes"),)
AGAIN = (("To the interview", "/interview"),)


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left of the time, as of now."""

    seconds: int

    @property
    def words(self) -> str:
        if self.seconds <= 0:
            return "The time has run out. An answer is taken all the same, and said to be late."
        minutes = ceil(self.seconds / 60)
        return f"{minutes} minutes left" if minutes > 1 else "The last minute"


def clock(interview: MockInterview, now: datetime) -> Clock | None:
    if interview.deadline is None:
        return None
    return Clock(ceil((interview.deadline - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with what was answered to it; neither card where it is no longer in its pack."""

    place: int
    item: Item
    card: Card | None
    aloud: InterviewCard | None
    answer: MockAnswer | None

    @property
    def topic(self) -> str:
        if self.card:
            return self.card.topic.title
        return self.aloud.title if self.aloud else self.item.name

    @property
    def words(self) -> Markup | str:
        if self.card:
            return self.card.stem
        return self.aloud.ask if self.aloud else f"{self.item.name}, no longer in its pack"

    @property
    def answered(self) -> bool:
        if self.answer is None:
            return False
        if self.card:
            return given(self.card.question, self.answer) is not None
        return bool(self.aloud and self.answer.form)

    @property
    def gone(self) -> bool:
        return self.card is None and self.aloud is None

    @property
    def label(self) -> str:
        if self.gone:
            return "gone"
        done = "said" if self.aloud else "answered"
        return done if self.answered else "open"


def asked(catalog: Catalog, interview: MockInterview, answers: Sequence[MockAnswer]) -> list[Asked]:
    known = {answer.place: answer for answer in answers}
    return [
        Asked(place, item, *_cards(catalog, item), known.get(place))
        for place, item in enumerate(interview.items, 1)
    ]


def _cards(catalog: Catalog, item: Item) -> tuple[Card | None, InterviewCard | None]:
    pack = catalog.packs.get(item.pack)
    if pack and item.kind == "question" and (question := pack.question(item.name)):
        return card(catalog, pack, question), None
    if pack and item.kind == "aloud" and (topic := pack.topics.get(item.name)):
        return None, aloud.card(catalog, pack, topic)
    return None, None


def given(question: Question, answer: MockAnswer) -> Answer | None:
    """None for what is no answer: a draft, or one to a question that was changed since."""
    try:
        return question.parse(FormData(list(answer.form)))
    except AnswerError:
        return None


def fields(sent: FormData, *apart: str) -> Fields:
    """What the question's own controls sent."""
    pairs = sent.multi_items()
    return tuple((n, text) for n, text in pairs if isinstance(text, str) and n not in apart)


def judged(
    catalog: Catalog, interview: MockInterview, answers: Sequence[MockAnswer]
) -> list[Attempt]:
    """The attempts that the answers are, in the order of time."""
    found = (_judged(interview, one) for one in asked(catalog, interview, answers))
    return sorted((one for one in found if one), key=lambda one: one.at)


def _judged(interview: MockInterview, of: Asked) -> Attempt | None:
    if of.card is None or of.answer is None:
        return None
    question = of.card.question
    answer = given(question, of.answer)
    if answer is None:
        return None
    return Attempt(
        id=new_id(),
        learner=interview.learner,
        token=interview.token_of(of.place),
        pack=of.item.pack,
        question=question.id,
        kind=question.kind,
        answer=answer,
        score=question.grade(answer).score,
        at=of.answer.at,
        confidence=of.answer.confidence,
    )


def href(interview: MockInterview, part: int | str = "") -> str:
    return f"/interview/{interview.id}/{part}" if part else f"/interview/{interview.id}"


def own(request: Request, id: str) -> tuple[MockInterview, list[Asked]]:
    """The caller's own. Raises HttpError 404."""
    interviews = state(request)["storage"].interviews
    found = interviews.one(id)
    if found is None or found.learner != learner(request):
        mend = "It may have been given up, or belong to somebody else."
        raise HttpError(404, "No such interview", f"There is no interview {id} here.", mend, AGAIN)
    catalog = state(request)["shelf"].catalog
    return found, asked(catalog, found, interviews.answers(found))


def placed(interview: MockInterview, items: Sequence[Asked], place: int) -> Asked:
    """Raises HttpError 404."""
    if 0 < place <= len(items):
        return items[place - 1]
    detail = f"This interview has {len(items)} questions."
    raise HttpError(404, "No such question", detail, "", (("Go on", href(interview)),))


def ended(interview: MockInterview) -> HttpError:
    detail = "It has ended, so nothing in it can be changed any more."
    actions = (("To its report", href(interview)),)
    return HttpError(409, "This interview has ended", detail, "", actions)


def first_open(items: Sequence[Asked]) -> int | None:
    """The place where it goes on; None where nothing is open."""
    return next((one.place for one in items if one.label == "open"), None)
