"""The wall of a room, under --class: a question for the projector, its counts, its one run."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from quiz.round import Round
from quiz.streams import event_stream, message
from quiz.views import find, room, starting
from quiz.views.card import Card, card
from quiz.views.lab import part
from quiz.views.room import Wall
from quiz.web import HttpError, form, render, state

router = APIRouter()

PATH = "/packs/{pack}/{question}/room"
# A wall that is opened another day begins anew.
LONGEST = timedelta(hours=12)
# How soon the wall shows what is new: while a run is drawn, and otherwise.
DRAWING_SECONDS, COUNTING_SECONDS = 0.25, 1.0


@router.get("/room")
async def enter(request: Request) -> Response:
    """Where the room is: short, since it is typed."""
    _only_for_a_class(request)
    latest = state(request)["storage"].latest_round()
    if latest is None:
        mend = "Whoever teaches opens one: a link beneath each question leads to it."
        raise HttpError(404, "Nothing is on the wall yet", "", mend, (("Start", "/"),))
    return RedirectResponse(f"/packs/{latest.pack}/{latest.question}", 303)


@router.get(PATH)
async def show(request: Request) -> HTMLResponse:
    wall = await _wall(request, _card(request))
    return render(
        request,
        "room.html",
        block="wall",
        wall=wall,
        card=wall.card,
        join=room.join(request),
        following=room.following(wall.card),
    )


@router.get(f"{PATH}/live")
async def live(request: Request) -> Response:
    return event_stream(request, _messages(request, _card(request)))


@router.post(f"{PATH}/show")
async def uncover(request: Request) -> Response:
    wall = await _wall(request, _card(request))
    return await _change(wall, shown=True)


@router.post(f"{PATH}/round")
async def begin(request: Request) -> Response:
    asked = _card(request)
    await state(request)["storage"].put_round(_new(asked))
    return RedirectResponse(f"{asked.href}/room", 303)


@router.post(f"{PATH}/run")
async def run(request: Request) -> Response:
    """`after` is the run that was on the wall where it was pressed: so two presses start one."""
    wall, sent = await _wall(request, _card(request)), await form(request)
    if wall.card.choice is None:
        raise HttpError(404, "Nothing runs here", "This question has no demo.")
    if sent.get("after", "") != (wall.round.run or ""):
        return RedirectResponse(wall.href, 303)
    started = await starting.start_for_class(request, wall.card.choice, wall.room)
    return await _change(wall, run=started.id)


@router.post(f"{PATH}/cancel")
async def cancel(request: Request) -> Response:
    wall = await _wall(request, _card(request))
    if wall.run and not wall.run.is_over:
        await state(request)["runs"].cancel(wall.run.id)
    return RedirectResponse(wall.href, 303)


def _card(request: Request) -> Card:
    """Raises HttpError 404, without --class always."""
    _only_for_a_class(request)
    catalog = state(request)["shelf"].catalog
    pack = find.pack(catalog, request.path_params["pack"])
    return card(catalog, pack, find.question(pack, request.path_params["question"]))


def _only_for_a_class(request: Request) -> None:
    if not state(request)["settings"].class_:
        detail = "There is a page for the projector only where the server was started for a class."
        raise HttpError(404, "Nothing is here", detail, "Start it with --class.", (("Start", "/"),))


async def _wall(request: Request, asked: Card) -> Wall:
    """To open it begins the first round, and what is sent from then on counts."""
    storage = state(request)["storage"]
    found = storage.round(asked.pack.slug, asked.question.id)
    if found is None or found.began < datetime.now(UTC) - LONGEST:
        found = _new(asked)
        await storage.put_round(found)
    return Wall(request, asked, found)


def _new(asked: Card) -> Round:
    return Round(pack=asked.pack.slug, question=asked.question.id, began=datetime.now(UTC))


async def _change(wall: Wall, **columns: Any) -> Response:
    await state(wall.request)["storage"].change_round(wall.round, **columns)
    return RedirectResponse(wall.href, 303)


async def _messages(request: Request, asked: Card) -> AsyncIterator[str]:
    """The whole wall each time something on it is new, for as long as someone looks."""
    told = ""
    while True:
        wall = await _wall(request, asked)
        if wall.version != told:
            told = wall.version
            yield message(part(request, "_wall.html", wall=wall))
        drawing = wall.run is not None and not wall.run.is_over
        await asyncio.sleep(DRAWING_SECONDS if drawing else COUNTING_SECONDS)
