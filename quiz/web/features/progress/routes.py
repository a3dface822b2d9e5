"""What a learner has answered; the same as a file, in and out; and erased."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile

from quiz.learning.attempt import Attempt
from quiz.packs.catalog import Catalog
from quiz.questions.base import number
from quiz.storage.storage import Imported
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.question_card import card
from quiz.web.components.wording import moment, plural
from quiz.web.core import learner_cookie
from quiz.web.core.rendering import render
from quiz.web.core.request import form, go_on_as, learner, state
from quiz.web.features.progress import scores, strength, transfer

router = APIRouter(prefix="/progress")

A_PAGE = 50
MOST_KEPT = 100_000
A_PART = 500
NOTICES = {"erased": "Your answers are erased.", "kept": "Nothing was erased."}


@dataclass(frozen=True, slots=True)
class Line:
    """An attempt in the list."""

    href: str
    stem: Markup | str
    sign: str
    mark: str
    score: str
    practice: bool
    run_href: str
    at: str
    moment: str


@router.get("")
async def show(request: Request) -> HTMLResponse:
    notice = NOTICES.get(request.query_params.get("done", ""), "")
    counts = [request.query_params.get(name, "") for name in Imported._fields]
    if all(count.isascii() and count.isdigit() for count in counts):
        notice = _brought(Imported(*(int(count[:9]) for count in counts)))
    return await _page(request, notice=notice)


def _brought(done: Imported) -> str:
    """Answers are told also where there are none, unless something else came."""
    counts = {"answer": done.answers, "rehearsal": done.rehearsals, "interview": done.interviews}
    came = [plural(count, noun) for noun, count in counts.items() if count] or ["0 answers"]
    listed = " and ".join(filter(None, (", ".join(came[:-1]), came[-1])))
    return f"{listed} imported, {done.known} known already."


@router.get("/export.json")
async def export_json(request: Request) -> Response:
    storage, who = state(request)["storage"], learner(request)
    interviews, aloud = await asyncio.to_thread(
        lambda: (storage.interviews.ended(who), storage.rehearsals(who))
    )
    pieces = transfer.as_json(storage.export(who), aloud, interviews)
    return await _file(pieces, "application/json", "json")


@router.get("/export.csv")
async def export_csv(request: Request) -> Response:
    attempts = state(request)["storage"].export(learner(request))
    return await _file(transfer.as_csv(attempts), "text/csv; charset=utf-8", "csv")


@router.post("/import")
async def take_in(request: Request) -> Response:
    sent = await form(request)
    packs = state(request)["shelf"].catalog.packs.values()
    known = {pack.slug: {question.id for question in pack.questions} for pack in packs}
    try:
        # It may be long, and meanwhile others ask.
        brought = await asyncio.to_thread(
            transfer.read, await _uploaded(sent), learner(request), known
        )
        _refuse_too_many(request, brought)
    except transfer.NoExport as error:
        return await _page(request, status=422, error=str(error))
    finally:
        await sent.close()
    done = await state(request)["storage"].import_attempts(
        learner(request), brought.attempts, brought.rehearsals, brought.interviews
    )
    return RedirectResponse(f"/progress?{urlencode(done._asdict())}", 303)


def _refuse_too_many(request: Request, brought: transfer.History) -> None:
    """Raises NoExport."""
    here = state(request)["storage"].answers_of(learner(request))
    if here + len(brought.attempts) > MOST_KEPT:
        raise transfer.NoExport(
            f"You have {here:,} answers here, and {MOST_KEPT:,} are kept of a learner at most."
            " Nothing was imported. Import a file with fewer answers."
        )


@router.get("/erase")
async def ask_to_erase(request: Request) -> HTMLResponse:
    some = state(request)["storage"].knows(learner(request))
    return render(request, "erase.html", some=some)


@router.post("/erase")
async def erase(request: Request) -> Response:
    if (await form(request)).get("confirm") != "yes":
        return RedirectResponse("/progress/erase", 303)
    await state(request)["storage"].erase(learner(request))
    # Somebody new: a link to who was here must find nothing that is answered from now on.
    go_on_as(request, learner_cookie.new())
    return RedirectResponse("/progress?done=erased", 303)


async def _uploaded(sent: FormData) -> bytes:
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise transfer.NoExport("No file was chosen. Choose one, then import it.")
    return await file.read()


async def _file(pieces: Iterator[str], media_type: str, ending: str) -> Response:
    """The first part is read before the answer begins, so that a failure can still be told."""
    parts = _joined(pieces)
    first = await asyncio.to_thread(next, parts)
    headers = {
        "Content-Disposition": f'attachment; filename="after-response.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(chain([first], parts), 200, headers, media_type)


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """Many rows in one part: each part costs a change of thread, which is dearer than a row."""
    while part := "".join(islice(pieces, A_PART)):
        yield part


async def _page(request: Request, **shown: Any) -> HTMLResponse:
    """In a thread: a learner may have a hundred thousand answers, and others ask meanwhile."""
    return await asyncio.to_thread(_drawn, request, **shown)


def _drawn(
    request: Request, *, status: int = 200, notice: str = "", error: str = ""
) -> HTMLResponse:
    catalog, storage = state(request)["shelf"].catalog, state(request)["storage"]
    who = learner(request)
    before = storage.attempt(request.query_params.get("before", ""))
    own = before if before and before.learner == who else None
    attempts = storage.attempts(who, A_PAGE + 1, own)
    standings = storage.standings(who)
    now, marks, done = datetime.now(UTC), scores.by_pack(standings), storage.days(who)
    packs = [pack for pack in catalog.packs.values() if marks.get(pack.slug)]
    return render(
        request,
        "progress.html",
        status=status,
        notice=notice,
        error=error,
        next=scores.onwards(catalog, standings, now),
        scores=scores.drawn(catalog, marks),
        grids=[found for pack in packs if (found := strength.grid(pack, marks[pack.slug], now))],
        ahead=strength.ahead(standings, now),
        sure=strength.calibration(done),
        calendar=strength.calendar(done, now),
        spaced=progress_markers.SPACED,
        attempts=[_line(catalog, attempt) for attempt in attempts[:A_PAGE]],
        columns=scores.columns(attempts[:A_PAGE], A_PAGE),
        older=_older(attempts),
    )


def _older(attempts: list[Attempt]) -> str:
    return f"/progress?before={attempts[A_PAGE - 1].id}" if len(attempts) > A_PAGE else ""


def _line(catalog: Catalog, attempt: Attempt) -> Line:
    pack = catalog.packs.get(attempt.pack)
    question = pack.question(attempt.question) if pack else None
    asked = card(catalog, pack, question).drawn(attempt.drawn) if pack and question else None
    name = progress_markers.mark(attempt)
    return Line(
        href=f"/attempts/{quote(attempt.id)}" if asked else "",
        stem=asked.stem if asked else attempt.question,
        sign=progress_markers.SIGNS[name],
        mark=name,
        score=_score(attempt),
        practice=not attempt.counted,
        run_href=f"/runs/{attempt.run}" if attempt.run else "",
        at=attempt.at.isoformat(),
        moment=moment(attempt.at),
    )


def _score(attempt: Attempt) -> str:
    if attempt.score is None:
        return "shown"
    return {1.0: "right", 0.0: "wrong"}.get(
        attempt.score, f"{number(round(attempt.score, 2))} of 1"
    )
