"""The wall of a room, under --class: a question for the projector, its counts, its one run."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.storage.classroom import Round
from quiz.web.components import lookup
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.runs import run_start
from quiz.web.components.runs.run_panel import part
from quiz.web.core.http_error import HttpError
from quiz.web.core.rendering import render
from quiz.web.core.request import form, state
from quiz.web.core.sse import event_stream, message
from quiz.web.core.teacher import only_for_a_class, only_for_the_teacher
from quiz.web.features.classroom import projector
from quiz.web.features.classroom.projector import Wall

router = APIRouter()

PATH = "/packs/{pack}/{question}/room"
# A round of another day is over.
LONGEST = timedelta(hours=12)
# How soon the wall shows what is new: while a run is drawn, and otherwise.
DRAWING_SECONDS, COUNTING_SECONDS = 0.25, 1.0


@router.get("/room")
async def enter(request: Request) -> Response:
    """Where the room is: short, since it is typed."""
    only_for_a_class(request)
    latest = state(request)["storage"].latest_round()
    if latest is None:
        mend = "Whoever teaches opens one: a link beneath each question leads to it."
        raise HttpError(404, "Nothing is on the wall yet", "", mend, (("Start", "/"),))
    return RedirectResponse(f"/packs/{latest.pack}/{latest.question}", 303)


@router.get(PATH)
async def show(request: Request) -> HTMLResponse:
    """To look at it changes nothing: a round begins by its button."""
    asked = await _card(request)
    found = _round(request, asked)
    if found is None:
        return render(request, "room_begin.html", card=asked)
    wall = Wall(request, asked, found)
    return render(
        request,
        "room.html",
        block="wall",
        wall=wall,
        card=wall.card,
        join=projector.join(request),
        following=projector.following(wall.card),
    )


@router.get(f"{PATH}/live")
async def live(request: Request) -> Response:
    return event_stream(request, _messages(request, await _card(request)))


@router.post(f"{PATH}/show")
async def uncover(request: Request) -> Response:
    return await _change(_wall(request, await _card(request)), shown=True)


@router.post(f"{PATH}/round")
async def begin(request: Request) -> Response:
    asked = await _card(request)
    new = Round(pack=asked.pack.slug, question=asked.question.id, began=datetime.now(UTC))
    await state(request)["storage"].put_round(new)
    return RedirectResponse(f"{asked.href}/room", 303)


@router.post(f"{PATH}/run")
async def run(request: Request) -> Response:
    """`after` is the run that was on the wall where it was pressed: so two presses start one."""
    wall, sent = _wall(request, await _card(request)), await form(request)
    if wall.card.choice is None:
        raise HttpError(404, "Nothing runs here", "This question has no demo.")
    if sent.get("after", "") != (wall.round.run or ""):
        return RedirectResponse(wall.href, 303)
    started = await run_start.start_for_class(request, wall.card.choice, wall.room)
    return await _change(wall, run=started.id)


@router.post(f"{PATH}/cancel")
async def cancel(request: Request) -> Response:
    wall = _wall(request, await _card(request))
    if wall.run and not wall.run.is_over:
        await state(request)["runs"].cancel(wall.run.id)
    return RedirectResponse(wall.href, 303)


async def _card(request: Request) -> Card:
    """Raises HttpError for everyone but the teacher, and 404 for an unknown question."""
    await only_for_the_teacher(request)
    catalog = state(request)["shelf"].catalog
    pack = lookup.pack(catalog, request.path_params["pack"])
    return card(catalog, pack, lookup.question(pack, request.path_params["question"]))


def _round(request: Request, asked: Card) -> Round | None:
    """The question's round of today."""
    found = state(request)["storage"].round(asked.pack.slug, asked.question.id)
    is_old = found is not None and found.began < datetime.now(UTC) - LONGEST
    return None if is_old else found


def _wall(request: Request, asked: Card) -> Wall:
    """Raises HttpError 409 if no round has begun."""
    if found := _round(request, asked):
        return Wall(request, asked, found)
    actions = (("To the projector's page", f"{asked.href}/room"),)
    raise HttpError(409, "No round has begun", "", "Begin a round first.", actions)


async def _change(wall: Wall, **columns: Any) -> Response:
    await state(wall.request)["storage"].change_round(wall.round, **columns)
    return RedirectResponse(wall.href, 303)


async def _messages(request: Request, asked: Card) -> AsyncIterator[str]:
    """The whole wall each time something on it is new, for as long as someone looks."""
    told = ""
    while True:
        drawing = False
        if found := _round(request, asked):
            wall = Wall(request, asked, found)
            if wall.version != told:
                told = wall.version
                yield message(part(request, "_wall.html", wall=wall))
            drawing = wall.run is not None and not wall.run.is_over
        await asyncio.sleep(DRAWING_SECONDS if drawing else COUNTING_SECONDS)
