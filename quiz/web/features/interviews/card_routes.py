"""The interview questions: a pack's on a sheet to print, and the mark that one gives oneself."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack, Topic
from quiz.storage.rehearsals import MARKS, Rehearsal
from quiz.web.components import lookup
from quiz.web.components.questions.interview_card import InterviewCard, card, cards
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment

router = APIRouter(prefix="/topics")


@router.get("/{pack}/interview")
async def sheet(request: Request, pack: str) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    return render(request, "interview.html", pack=found, cards=cards(catalog, found))


@router.post("/{pack}/{topic}/interview")
async def rehearse(request: Request, pack: str, topic: str) -> Response:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    named = lookup.topic(found, topic)
    new = _rehearsal(request, found, named, (await form(request)).get("mark"))
    interview = _interview(catalog, found, named, new)
    await state(request)["storage"].rehearse(new)
    if wants_fragment(request):
        return render(
            request, "topic_done.html", block="interview", interview=interview, compared=True
        )
    return RedirectResponse(f"/topics/{found.slug}/{topic}/done#interview", 303)


def _interview(catalog: Catalog, pack: Pack, topic: Topic, said: Rehearsal) -> InterviewCard:
    if found := card(catalog, pack, topic, said):
        return found
    actions = (("To the topic's end", f"/topics/{pack.slug}/{topic.slug}/done"),)
    raise HttpError(404, "No such question", f"{topic.title} has no interview.", "", actions)


def _rehearsal(request: Request, pack: Pack, topic: Topic, given: object) -> Rehearsal:
    for mark in MARKS:
        if mark == given:
            who, now = learner(request), datetime.now(UTC)
            return Rehearsal(learner=who, pack=pack.slug, topic=topic.slug, mark=mark, at=now)
    actions = (("Back to the question", f"/topics/{pack.slug}/{topic.slug}/done#interview"),)
    detail = f"mark: must be one of {', '.join(MARKS)}."
    raise HttpError(422, "This is no mark", detail, "Use one of the buttons.", actions)
