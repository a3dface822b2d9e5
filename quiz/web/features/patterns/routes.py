"""Under --reload: every component in every state, drawn by the templates that the pages use.

For who changes a sheet or a template, and for the tests that look at them. Stores and runs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from quiz.demos.model import ParameterError
from quiz.learning.attempt import Attempt
from quiz.packs.catalog import FIRST_RUN
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.runs import serialization
from quiz.runs.run import Run
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.answered_question import Sheet
from quiz.web.components.questions.progress_markers import Pip
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.runs import run_start
from quiz.web.components.runs.parameter_form import Knobs
from quiz.web.components.runs.run_panel import Lab, part
from quiz.web.core.rendering import fragment, render
from quiz.web.core.request import learner, state

router = APIRouter()

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = ["The server starts.", "The client sends its request.", "The client waits for the task."]
# What of an element names it or names another one. The hatching's names belong to the sheet.
NAMING = re.compile(
    r'\b(?:id|for|aria-labelledby|aria-describedby|data-slider)="(?!hatch-)|(?:href|hx-target)="[^"#]*#'
)


@dataclass(frozen=True, slots=True)
class Pattern:
    title: str
    html: Markup


@dataclass(frozen=True)
class Still(Lab):
    """Nothing is to come of its run, whatever its state."""

    live_href = ""


@router.get("/patterns")
async def patterns(request: Request) -> HTMLResponse:
    if not state(request)["settings"].reload:
        raise HTTPException(404)
    groups = {
        "Questions": _apart("question", _questions(request)),
        "Answers": _apart("answer", _answers(request)),
        "Runs": _apart("run", _runs(request)),
    }
    return render(request, "patterns.html", groups=groups, pips=_pips())


def _apart(group: str, patterns: Iterator[Pattern]) -> list[Pattern]:
    """Each stands on a page of its own elsewhere: so names are made different, none takes focus."""
    return [
        Pattern(pattern.title, _renamed(f"{group}-{number}-", pattern.html))
        for number, pattern in enumerate(patterns, 1)
    ]


def _renamed(prefix: str, html: Markup) -> Markup:
    return Markup(NAMING.sub(rf"\g<0>{prefix}", html).replace(" autofocus", ""))


def _pips() -> list[Pip]:
    marks = [
        Pip("#pips", sign, name, f"Question: {name}")
        for name, sign in progress_markers.SIGNS.items()
    ]
    return [*marks, Pip("#pips", "5", "", "Question 5: not answered", here=True)]


def _cards(request: Request) -> Iterator[Card]:
    """A question of each kind."""
    catalog = state(request)["shelf"].catalog
    found: dict[str, tuple[Pack, Question]] = {}
    for pack in catalog.packs.values():
        for question in pack.questions:
            found.setdefault(question.kind, (pack, question))
    return (card(catalog, *place) for place in found.values())


def _questions(request: Request) -> Iterator[Pattern]:
    for asked in _cards(request):
        question = asked.question
        invalid = question.examples()["invalid"][0]
        for title, error, sent in (("unanswered", "", []), ("refused", "Nothing.", invalid)):
            html = fragment(
                request,
                "question.html",
                "card",
                card=asked,
                question=question,
                view=question.view(None, learner(request)),
                trail=progress_markers.trail(asked.pack, question.topic, {}, question),
                earlier=None,
                via="",
                hinted=False,
                token="",
                error=error,
                sent=FormData(list(sent)),
            )
            yield Pattern(f"{question.kind}, {title}", html)


def _answers(request: Request) -> Iterator[Pattern]:
    for asked in _cards(request):
        question = asked.question
        told: dict[str, dict[str, Any]] = {}
        for pairs in (*question.examples()["correct"], *question.examples()["incorrect"]):
            answer = question.parse(FormData([*pairs]))
            grade = question.grade(answer)
            told.setdefault(grade.mark, {"answer": answer, "score": grade.score})
        told["shown"] = {"answer": None, "score": None, "revealed": True}
        for mark, given in told.items():
            attempt = Attempt(
                id=mark,
                learner=learner(request),
                token="",
                pack=asked.pack.slug,
                question=question.id,
                kind=question.kind,
                at=LONG_AGO,
                **given,
            )
            html = fragment(
                request, "attempt.html", "card", **Sheet(request, asked, attempt).context()
            )
            yield Pattern(f"{question.kind}, {mark}", html)


def _runs(request: Request) -> Iterator[Pattern]:
    text = FIRST_RUN.read_text(encoding="utf-8")
    for title, changes in _states(serialization.load(text)).items():
        run = replace(serialization.load(text), id=title.replace(" ", "-"), **changes)
        lab = Still(request=request, choice=run_start.choice_of(request, run), run=run)
        yield Pattern(title, part(request, "_run.html", lab=lab))
    choice = run_start.choice_of(request, serialization.load(text))
    if choice is None:
        return
    lab = Still(request=request, choice=choice, why="This takes a while, so it waits for you.")
    yield Pattern("not started", part(request, "_run.html", lab=lab))
    knobs = Knobs(choice, state(request)["runs"].needs, main=True)
    yield Pattern("values", part(request, "_knobs.html", knobs=knobs))
    names = list(choice.values) or ["variant"]
    refused = replace(knobs, refusal=ParameterError(names[0], "must be from 0.1 to 5"))
    yield Pattern("values, refused", part(request, "_knobs.html", knobs=refused))


def _states(run: Run) -> dict[str, dict[str, Any]]:
    """What a recorded run would be in each state."""
    half = run.events[: len(run.events) // 2]
    ended = {"events": half, "events_seen": len(half), "steps": STEPS}
    return {
        "queued": {
            "status": "queued",
            "events": [],
            "place": 3,
            "turn": datetime.now(UTC) + timedelta(seconds=12),
        },
        "running": {"status": "running", "started": datetime.now(UTC), "seconds": 6.0, **ended},
        "finished": {},
        "disturbed": {"timing_error_ms": 40.0},
        "truncated": {"events": half, "events_seen": 24_031},
        "failed": {
            "status": "failed",
            "fault": "demo",
            "reason": "its app did not start.",
            **ended,
        },
        "timed out": {
            "status": "timed_out",
            "fault": "limit",
            "reason": "It ran longer than 5 s.",
            "ended_ns": (run.zero_ns or 0) + 5_000_000_000,
            **ended,
        },
        "failed by the app": {"status": "failed", "fault": "app", "reason": "", "events": []},
        "cancelled": {"status": "cancelled", **ended},
    }
