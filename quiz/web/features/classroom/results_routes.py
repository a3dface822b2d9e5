"""The class's first answers under --class: how many were right, and what most chose instead."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from quiz.exchange.columns import guarded
from quiz.packs.catalog import Catalog
from quiz.questions.base import Question
from quiz.storage.classroom import FEWEST, FirstAnswers
from quiz.web.components.questions.progress_markers import question_href
from quiz.web.components.questions.question_card import card
from quiz.web.core.rendering import render
from quiz.web.core.request import State, state
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.teacher import only_for_the_teacher

router = FeatureRouter(RouteRules(section="Learn"))

COLUMNS = ("question", "learners", "first_try_rate", "most_chosen_wrong", "by", "belief")


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`n` is the number of learners, `rate` how many of them were right, in per cent.

    `wrong` is the most frequent wrong answer, `wrong_n` the number of learners who gave it.
    """

    href: str
    id: str
    stem: Markup
    n: int
    rate: int
    wrong: str
    wrong_n: int
    belief: str


@router.get("/class")
async def show(request: Request) -> HTMLResponse:
    await only_for_the_teacher(request)
    results = await load_results(state(request))
    return render(request, "class.html", results=results, fewest=FEWEST)


@router.get("/class.csv")
async def as_csv(request: Request) -> Response:
    await only_for_the_teacher(request)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in await load_results(state(request)):
        row = (one.id, one.n, one.rate / 100, one.wrong, one.wrong_n, one.belief)
        writer.writerow(map(guarded, row))
    headers = {
        "Content-Disposition": 'attachment; filename="class.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(text.getvalue(), 200, headers, "text/csv; charset=utf-8")


async def load_results(services: State) -> list[QuestionResult]:
    """The question with the fewest right answers first."""
    tries = await services["storage"].classroom.first_answers()
    results = _results(services["shelf"].catalog, tries)
    return sorted(results, key=lambda one: (one.rate, one.id))


def _results(catalog: Catalog, tries: list[FirstAnswers]) -> Iterator[QuestionResult]:
    for one in tries:
        pack = catalog.packs.get(one.pack)
        question = pack.question(one.question) if pack else None
        if pack is None or question is None:
            continue
        wrong, n = _most_chosen(question, one)
        beliefs = question.beliefs(_answer_of(question, one))
        yield QuestionResult(
            href=question_href(pack, question),
            id=question.id,
            stem=card(catalog, pack, question).stem,
            n=len(one.answers),
            rate=round(100 * one.rate),
            wrong=wrong,
            wrong_n=n,
            belief=pack.misconceptions.get(beliefs[0], "") if beliefs else "",
        )


def _most_chosen(question: Question, tries: FirstAnswers) -> tuple[str, int]:
    """The most frequent wrong answer, if at least two learners gave it.

    Kinds without a tally of their own count marks only: they have none.
    """
    if not question.counts_answers:
        return "", 0
    wrong = [count for count in question.tally(tries.answers) if not count.right and count.n > 1]
    if not wrong:
        return "", 0
    most = max(wrong, key=lambda count: count.n)
    return most.text, most.n


def _answer_of(question: Question, tries: FirstAnswers) -> object:
    """An answer that counts as the most frequent wrong one: it names the misconception."""
    text, _ = _most_chosen(question, tries)
    for answer in tries.answers:
        if any(count.text == text and count.n for count in question.tally([answer])):
            return answer
    return None
