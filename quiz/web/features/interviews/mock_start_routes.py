"""The page where a mock interview begins, continues or is given up, with the earlier ones."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, new_id
from quiz.questions.answers import AnswerError
from quiz.storage.mock_interviews import MockInterview
from quiz.web.components.wording import day
from quiz.web.core.rendering import render
from quiz.web.core.request import State, form, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.interviews import mock_choice
from quiz.web.features.interviews.mock_item import OwnInterview, ended, href, items, load_own
from quiz.web.features.interviews.mock_scores import right

router = FeatureRouter(RouteRules(section="Learn"), prefix="/interview")

TOKEN_LENGTH = 100
# Finished interviews that the page lists.
EARLIER = 10


@dataclass(frozen=True, slots=True)
class LearnerData:
    """The open interview, and the finished ones with the attempts of all of them by token."""

    open: OwnInterview | None
    earlier: Sequence[MockInterview]
    attempts: Mapping[str, Attempt]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """The open interview: the link that continues it, and where giving it up is sent."""

    text: str
    href: str
    give_up: str
    day: str


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """A finished interview with its score in words."""

    href: str
    day: str
    words: str


@router.get("")
async def show(request: Request) -> HTMLResponse:
    return await _page(request)


@router.post("")
async def begin(request: Request) -> Response:
    catalog, sent = state(request)["shelf"].catalog, await form(request)
    try:
        choice = mock_choice.read(catalog, sent)
    except AnswerError as error:
        return await _page(request, str(error), sent)
    token = str(sent.get("token", ""))[:TOKEN_LENGTH] or secrets.token_urlsafe(12)
    chosen = tuple(mock_choice.select(catalog, choice, token))
    if not chosen:
        reason = "No question is like that. Choose more topics or levels."
        return await _page(request, reason, sent)
    new = MockInterview(
        id=new_id(),
        learner=learner(request),
        token=token,
        items=chosen,
        begun=datetime.now(UTC),
        seconds=choice.seconds * len(chosen) if choice.seconds else None,
    )
    begun = await state(request)["storage"].interviews.begin(new)
    return RedirectResponse(href(begun), 303)


@router.post("/{id}/give-up")
async def give_up(request: Request, id: str) -> Response:
    own = await load_own(state(request), learner(request), id)
    if own.interview.ended:
        raise ended(own.interview)
    await state(request)["storage"].interviews.give_up(own.interview)
    return RedirectResponse("/interview", 303)


async def _page(request: Request, error: str = "", sent: FormData | None = None) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    data = await load_learner(state(request), learner(request))
    return render(
        request,
        "mock_interview.html",
        status=422 if error else 200,
        error=error,
        sent=sent,
        token=secrets.token_urlsafe(12),
        packs=[pack for pack in catalog.packs.values() if pack.questions],
        lengths=mock_choice.LENGTHS,
        usual=mock_choice.USUAL_LENGTH,
        levels=mock_choice.LEVELS,
        clocks=mock_choice.CLOCKS,
        open=open_row(data.open) if data.open else None,
        earlier=[earlier_row(interview, data.attempts) for interview in data.earlier],
    )


async def load_learner(services: State, learner: str) -> LearnerData:
    storage, own = services["storage"], None
    going = await storage.interviews.open(learner)
    if going:
        answers = await storage.interviews.answers(going)
        own = OwnInterview(going, items(services["shelf"].catalog, going, answers))
    earlier = await storage.interviews.latest(learner, EARLIER)
    tokens = [token for interview in earlier for token in _tokens(interview)]
    attempts = await storage.attempts.by_token(learner, tokens) if tokens else {}
    return LearnerData(own, earlier, attempts)


def open_row(own: OwnInterview) -> OpenRow:
    interview = own.interview
    where = f"question {own.open[0].place} of {len(own.items)}" if own.open else "its end"
    return OpenRow(
        text=f"Go on: {where}",
        href=href(interview),
        give_up=f"{href(interview)}/give-up",
        day=day(interview.begun),
    )


def earlier_row(interview: MockInterview, attempts: Mapping[str, Attempt]) -> EarlierRow:
    found = [attempts[token] for token in _tokens(interview) if token in attempts]
    score = sum(map(scoring.grade, found))
    words = f"{right(score, len(found))} right" if found else "nothing answered"
    return EarlierRow(href(interview), day(interview.begun), words)


def _tokens(interview: MockInterview) -> list[str]:
    """Tokens of the attempts that the answers became."""
    return [interview.token_of(place) for place, _ in enumerate(interview.items, 1)]
