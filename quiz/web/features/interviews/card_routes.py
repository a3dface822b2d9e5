"""Interview cards: all of a pack on a page to print, and the learner's mark of one of them."""

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.web.components import lookup
from quiz.web.components.questions.interview_card import card, cards
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.interviews.rehearsal import rehearsal

router = FeatureRouter(RouteRules(section="Learn"), prefix="/topics")


@router.get("/{pack}/interview")
async def show_all(request: Request, pack: str) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    return render(request, "interview.html", pack=found, cards=cards(catalog, found))


@router.post("/{pack}/{topic}/interview")
async def mark(request: Request, pack: str, topic: str) -> Response:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    named = lookup.topic(found, topic)
    href = f"/topics/{found.slug}/{topic}/done"
    given = (await form(request)).get("mark")
    back = ("Back to the question", f"{href}#interview")
    new = rehearsal(learner(request), found.slug, named.slug, given, back)
    marked = card(catalog, found, named, new)
    if marked is None:
        actions = (("To the topic's end", href),)
        raise HttpError(404, "No such question", f"{named.title} has no interview.", "", actions)
    await state(request)["storage"].rehearsals.put(new)
    if not wants_fragment(request):
        return RedirectResponse(f"{href}#interview", 303)
    return render(request, "topic_done.html", block="interview", interview=marked, compared=True)
