"""The projector page under --class: a question, the counts of the answers, the class's run."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.storage.classroom import Poll
from quiz.web.components import lookup
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.runs import run_start
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import partial, render
from quiz.web.core.request import State, form, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.sse import event_stream, message
from quiz.web.core.teacher import only_for_a_class, only_for_the_teacher
from quiz.web.features.classroom import projector
from quiz.web.features.classroom.classroom_poll import ClassroomPoll, load_poll, projector_href

router = FeatureRouter(RouteRules(section="Learn"))

PATH = "/packs/{pack}/{question}/room"
# A poll of another day is over.
LONGEST = timedelta(hours=12)
# Seconds between two looks at the database: while a run is drawn, and otherwise.
DRAWING_SECONDS, COUNTING_SECONDS = 0.25, 1.0


@router.get("/room")
async def enter(request: Request) -> Response:
    """Redirect to the newest poll's question. The address is short because learners type it."""
    only_for_a_class(request)
    latest = await state(request)["storage"].classroom.latest_poll()
    if latest is None:
        mend = "Whoever teaches opens one: a link beneath each question leads to it."
        raise HttpError(404, "Nothing is on the wall yet", "", mend, (("Start", "/"),))
    return RedirectResponse(f"/packs/{latest.pack}/{latest.question}", 303)


@router.get(PATH)
async def show(request: Request) -> HTMLResponse:
    """The poll; before it, a button that begins it. Looking at the page changes nothing."""
    services, asked = state(request), await _card(request)
    found = await _load_round(services, asked)
    if found is None:
        return render(request, "projector_begin.html", card=asked)
    return render(
        request,
        "projector.html",
        block="poll",
        poll=await load_poll(services, viewer(request), asked, found),
        card=asked,
        join=projector.join(services["settings"], str(request.base_url)),
        next_href=projector.next_href(asked),
    )


@router.get(f"{PATH}/live")
async def live(request: Request) -> Response:
    return event_stream(request, _messages(request, await _card(request)))


@router.post(f"{PATH}/show")
async def uncover(request: Request) -> Response:
    poll = await _load_open_poll(request)
    return await _change(request, poll, shown=True)


@router.post(f"{PATH}/round")
async def begin(request: Request) -> Response:
    asked = await _card(request)
    new = Poll(pack=asked.pack.slug, question=asked.question.id, began=datetime.now(UTC))
    await state(request)["storage"].classroom.begin_poll(new)
    return RedirectResponse(projector_href(asked), 303)


@router.post(f"{PATH}/run")
async def run(request: Request) -> Response:
    """`after` is the run that the page showed, so that pressing the button twice starts one run."""
    poll, sent = await _load_open_poll(request), await form(request)
    if poll.card.choice is None:
        raise HttpError(404, "Nothing runs here", "This question has no demo.")
    if sent.get("after", "") != (poll.round.run or ""):
        return RedirectResponse(poll.href, 303)
    started = await run_start.start_for_class(request, poll.card.choice, poll.slot)
    return await _change(request, poll, run=started.id)


@router.post(f"{PATH}/cancel")
async def cancel(request: Request) -> Response:
    poll = await _load_open_poll(request)
    if poll.run and not poll.run.is_over:
        await state(request)["runs"].cancel(poll.run.id)
    return RedirectResponse(poll.href, 303)


async def _card(request: Request) -> Card:
    """Raises HttpError for everyone but the teacher, and 404 for an unknown question."""
    await only_for_the_teacher(request)
    catalog = state(request)["shelf"].catalog
    pack = lookup.pack(catalog, request.path_params["pack"])
    return card(catalog, pack, lookup.question(pack, request.path_params["question"]))


async def _load_round(services: State, asked: Card) -> Poll | None:
    """The question's poll of today."""
    found = await services["storage"].classroom.poll(asked.pack.slug, asked.question.id)
    is_old = found is not None and found.began < datetime.now(UTC) - LONGEST
    return None if is_old else found


async def _load_open_poll(request: Request) -> ClassroomPoll:
    """Raises HttpError 409 if no poll has begun."""
    services, asked = state(request), await _card(request)
    if found := await _load_round(services, asked):
        return await load_poll(services, viewer(request), asked, found)
    actions = (("To the projector's page", projector_href(asked)),)
    raise HttpError(409, "No round has begun", "", "Begin a round first.", actions)


async def _change(request: Request, poll: ClassroomPoll, **columns: Any) -> Response:
    await state(request)["storage"].classroom.change_poll(poll.round, **columns)
    return RedirectResponse(poll.href, 303)


async def _messages(request: Request, asked: Card) -> AsyncIterator[str]:
    """The whole poll each time something on it changes."""
    services, who, sent = state(request), viewer(request), ""
    while True:
        drawing = False
        if found := await _load_round(services, asked):
            poll = await load_poll(services, who, asked, found)
            if poll.version != sent:
                sent = poll.version
                yield message(partial(request, "_classroom_poll.html", poll=poll))
            drawing = poll.run is not None and not poll.run.is_over
        await asyncio.sleep(DRAWING_SECONDS if drawing else COUNTING_SECONDS)
