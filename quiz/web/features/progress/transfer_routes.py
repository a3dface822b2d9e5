"""A learner's history as a file: exported, and imported on another server or for another cookie."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.datastructures import FormData, UploadFile

from quiz.storage.mock_interviews import MockAnswer, MockInterview
from quiz.storage.rehearsals import Rehearsal
from quiz.storage.storage import Storage
from quiz.web.core.request import form, learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.features.progress import history_export, history_import, page
from quiz.web.features.progress.history_import import History, ImportFileError

router = FeatureRouter(RouteRules(section="Progress", accepts_import=True), prefix="/progress")

# Attempts that the server keeps of one learner at most.
MOST_KEPT = 100_000

Interviews = list[tuple[MockInterview, list[MockAnswer]]]


@router.get("/export.json")
async def export_json(request: Request) -> Response:
    storage, who = state(request)["storage"], learner(request)
    rehearsals = await load_rehearsals(storage, who)
    interviews = await load_interviews(storage, who)
    pieces = history_export.as_json(storage.attempts.batches(who), rehearsals, interviews)
    return await _file(pieces, "application/json", "json")


@router.get("/export.csv")
async def export_csv(request: Request) -> Response:
    attempts = state(request)["storage"].attempts.batches(learner(request))
    return await _file(history_export.as_csv(attempts), "text/csv; charset=utf-8", "csv")


async def load_rehearsals(storage: Storage, learner: str) -> list[Rehearsal]:
    return await storage.rehearsals.all(learner)


async def load_interviews(storage: Storage, learner: str) -> Interviews:
    """Finished mock interviews with their answers."""
    return await storage.interviews.ended(learner)


async def _file(pieces: AsyncIterator[str], media_type: str, suffix: str) -> Response:
    """Load the first piece before the response starts, so that an error gets its page."""
    first = await anext(pieces)
    headers = {
        "Content-Disposition": f'attachment; filename="after-response.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_chained(first, pieces), 200, headers, media_type)


async def _chained(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for piece in rest:
        yield piece


@router.post("/import")
async def import_history(request: Request) -> Response:
    storage, who = state(request)["storage"], learner(request)
    packs = state(request)["shelf"].catalog.packs.values()
    known = {pack.slug: {question.id for question in pack.questions} for pack in packs}
    sent = await form(request)
    try:
        body = await _uploaded(sent)
        # In a thread, because parsing a long file takes seconds.
        history = await asyncio.to_thread(history_import.read, body, who, known)
        _refuse_too_many(await load_count(storage, who), history)
    except ImportFileError as error:
        return await page.show(request, status=422, error=str(error))
    finally:
        await sent.close()
    done = await storage.learners.bring(
        who, history.attempts, history.rehearsals, history.interviews
    )
    return RedirectResponse(f"/progress?{urlencode(done._asdict())}", 303)


async def _uploaded(sent: FormData) -> bytes:
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise ImportFileError("No file was chosen. Choose one, then import it.")
    return await file.read()


async def load_count(storage: Storage, learner: str) -> int:
    return await storage.attempts.count(learner)


def _refuse_too_many(kept: int, history: History) -> None:
    """Raises ImportFileError if the learner would have more attempts than the server keeps."""
    if kept + len(history.attempts) > MOST_KEPT:
        raise ImportFileError(
            f"You have {kept:,} answers here, and {MOST_KEPT:,} are kept of a learner at most."
            " Nothing was imported. Import a file with fewer answers."
        )
