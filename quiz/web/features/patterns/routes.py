"""Every component in every state, under --reload, rendered by the templates of the pages.

For authors of templates and CSS, and for the tests that look at them. Stores and runs nothing.
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
from quiz.packs.files import FIRST_RUN
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.runs import serialization
from quiz.runs.run import Run
from quiz.web.components.questions import answered_question, progress_markers
from quiz.web.components.questions.answer_result import AnswerResult
from quiz.web.components.questions.answered_question import AnsweredQuestion
from quiz.web.components.questions.progress_markers import Marker
from quiz.web.components.questions.proof_summary import shipped
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.questions.question_form import QuestionForm
from quiz.web.components.runs import run_start
from quiz.web.components.runs.parameter_form import ParameterForm
from quiz.web.components.runs.run_panel import RunPanel, run_panel
from quiz.web.components.runs.viewer import viewer
from quiz.web.core.rendering import fragment, partial, render
from quiz.web.core.request import learner, state

router = APIRouter()

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = ["The server starts.", "The client sends its request.", "The client waits for the task."]
# Attributes that name an element or refer to one. All pictures share the names of the hatching.
NAMING = re.compile(
    r'\b(?:id|for|aria-labelledby|aria-describedby|data-slider)="(?!hatch-)|(?:href|hx-target)="[^"#]*#'
)
# Attributes of a stream: no run of this page goes on.
LIVE = re.compile(r' hx-sse:\w+="[^"]*"')


@dataclass(frozen=True, slots=True)
class Pattern:
    title: str
    html: Markup


@router.get("/patterns")
async def patterns(request: Request) -> HTMLResponse:
    if not state(request)["settings"].reload:
        raise HTTPException(404)
    groups = {
        "Questions": _apart("question", _questions(request)),
        "Answers": _apart("answer", _answers(request)),
        "Runs": _apart("run", _runs(request)),
    }
    return render(request, "patterns.html", groups=groups, markers=_markers())


def _apart(group: str, patterns: Iterator[Pattern]) -> list[Pattern]:
    """Each pattern is a page elsewhere: here its names are unique and nothing takes the focus."""
    return [
        Pattern(pattern.title, _renamed(f"{group}-{number}-", pattern.html))
        for number, pattern in enumerate(patterns, 1)
    ]


def _renamed(prefix: str, html: Markup) -> Markup:
    still = LIVE.sub("", html).replace(" autofocus", "")
    return Markup(NAMING.sub(rf"\g<0>{prefix}", still))


def _markers() -> list[Marker]:
    marks = [
        Marker("#pips", sign, name, f"Question: {name}")
        for name, sign in progress_markers.SIGNS.items()
    ]
    return [*marks, Marker("#pips", "5", "", "Question 5: not answered", here=True)]


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
        invalid = FormData([*asked.question.examples()["invalid"][0]])
        blank = QuestionForm(card=asked, learner=learner(request), standings={})
        for title, shown in (
            ("unanswered", blank),
            ("refused", replace(blank, error="Nothing.", sent=invalid)),
        ):
            html = fragment(request, "question.html", "card", **shown.context())
            yield Pattern(f"{asked.question.kind}, {title}", html)


def _answers(request: Request) -> Iterator[Pattern]:
    for asked in _cards(request):
        for mark, given in _examples(asked.question).items():
            page = _answered(request, asked, mark, given)
            html = fragment(request, "attempt.html", "card", **page.context())
            yield Pattern(f"{asked.question.kind}, {mark}", html)


def _examples(question: Question) -> dict[str, dict[str, Any]]:
    """An answer for each mark that the question's examples reach."""
    told: dict[str, dict[str, Any]] = {}
    for pairs in (*question.examples()["correct"], *question.examples()["incorrect"]):
        answer = question.parse(FormData([*pairs]))
        grade = question.grade(answer)
        told.setdefault(grade.mark, {"answer": answer, "score": grade.score})
    return told | {"shown": {"answer": None, "score": None, "revealed": True}}


def _answered(request: Request, asked: Card, mark: str, given: dict[str, Any]) -> AnsweredQuestion:
    attempt = Attempt(
        id=mark,
        learner=learner(request),
        token="",
        pack=asked.pack.slug,
        question=asked.question.id,
        kind=asked.question.kind,
        at=LONG_AGO,
        **given,
    )
    result = AnswerResult(asked, attempt)
    proof = shipped(state(request)["shelf"].catalog, asked)
    return AnsweredQuestion(
        result=result,
        standings={},
        now=datetime.now(UTC),
        panel=answered_question.panel(state(request), viewer(request), result),
        proofs=[("", proof)] if proof else [],
    )


def _runs(request: Request) -> Iterator[Pattern]:
    text = FIRST_RUN.read_text(encoding="utf-8")
    choice = run_start.choice_of(state(request)["shelf"].catalog, serialization.load(text))
    blank = run_panel(state(request), viewer(request), choice)
    for title, changes in _states(serialization.load(text)).items():
        run = replace(serialization.load(text), id=title.replace(" ", "-"), **changes)
        yield _panel(request, title, replace(blank, run=run))
    why = "This takes a while, so it waits for you."
    yield _panel(request, "not started", replace(blank, why=why))
    if choice is None:
        return
    form = ParameterForm(choice, blank.requirements, main=True)
    name = next(iter(choice.values), "variant")
    refusal = ParameterError(name, "must be from 0.1 to 5")
    for title, shown in (("values", form), ("values, refused", replace(form, refusal=refusal))):
        yield Pattern(title, partial(request, "_parameter_form.html", form=shown))


def _panel(request: Request, title: str, panel: RunPanel) -> Pattern:
    return Pattern(title, partial(request, "_run_panel.html", panel=panel))


def _states(run: Run) -> dict[str, dict[str, Any]]:
    """Changes that put a recorded run into each state."""
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
