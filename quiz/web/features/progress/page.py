"""The progress page: what it loads of a learner, and what it shows. The view is pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing
from quiz.packs.catalog import Catalog
from quiz.questions.placeholders import number
from quiz.storage.activity import Day
from quiz.storage.storage import Storage
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.question_card import card
from quiz.web.components.wording import moment
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state
from quiz.web.features.progress import charts, knowledge_grid, scores
from quiz.web.features.progress.suggestions import suggestions

# Attempts per page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class LearnerData:
    """`attempts` are the newest first, one more than the page shows if there are older ones."""

    standings: Sequence[Standing]
    days: Sequence[Day]
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt in the list. `href` is empty if its question is gone, `run_href` without a run."""

    href: str
    stem: Markup | str
    sign: str
    mark: str
    score: str
    practice: bool
    run_href: str
    at: str
    moment: str


async def show(
    request: Request, *, status: int = 200, notice: str = "", error: str = ""
) -> HTMLResponse:
    """The page as of now, with a notice or an error above it."""
    before = request.query_params.get("before", "")
    data = await load_learner(state(request)["storage"], learner(request), before)
    return render(
        request,
        "progress.html",
        status=status,
        notice=notice,
        error=error,
        **view(state(request)["shelf"].catalog, data, datetime.now(UTC)),
    )


async def load_learner(storage: Storage, learner: str, before: str) -> LearnerData:
    """`before` is the id of the attempt that ends the previous page; another learner's is none."""
    last = await storage.attempts.get(before) if before else None
    own = last if last and last.learner == learner else None
    attempts = await storage.attempts.latest(learner, PAGE + 1, own)
    standings = await storage.standings.all(learner)
    days = await storage.activity.days(learner)
    return LearnerData(standings, days, attempts)


def view(catalog: Catalog, data: LearnerData, now: datetime) -> dict[str, Any]:
    """The variables of progress.html."""
    packs = scoring.by_pack(data.standings)
    grids = (
        knowledge_grid.grid(pack, packs[pack.slug], now)
        for pack in catalog.packs.values()
        if pack.slug in packs
    )
    shown = data.attempts[:PAGE]
    return {
        "next": suggestions(catalog, data.standings, now),
        "scores": scores.drawing(catalog, packs),
        "grids": [grid for grid in grids if grid],
        "ahead": charts.ahead(data.standings, now),
        "calibration": charts.calibration(data.days),
        "calendar": charts.calendar(data.days, now),
        "spaced": progress_markers.SPACED,
        "attempts": [attempt_row(catalog, attempt) for attempt in shown],
        "columns": scores.columns(shown, PAGE),
        "older": f"/progress?before={shown[-1].id}" if len(data.attempts) > PAGE else "",
    }


def attempt_row(catalog: Catalog, attempt: Attempt) -> AttemptRow:
    pack = catalog.packs.get(attempt.pack)
    question = pack.question(attempt.question) if pack else None
    asked = card(catalog, pack, question).drawn(attempt.drawn) if pack and question else None
    mark = progress_markers.mark(attempt)
    return AttemptRow(
        href=f"/attempts/{quote(attempt.id)}" if asked else "",
        stem=asked.stem if asked else attempt.question,
        sign=progress_markers.SIGNS[mark],
        mark=mark,
        score=_score(attempt),
        practice=not attempt.counted,
        run_href=f"/runs/{attempt.run}" if attempt.run else "",
        at=attempt.at.isoformat(),
        moment=moment(attempt.at),
    )


def _score(attempt: Attempt) -> str:
    if attempt.score is None:
        return "shown"
    partly = f"{number(round(attempt.score, 2))} of 1"
    return {1.0: "right", 0.0: "wrong"}.get(attempt.score, partly)
