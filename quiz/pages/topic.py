"""The end of a sitting: how a topic went, what was missed, its rules of thumb, what comes next."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from quiz.question import Pack, number
from quiz.views import find, trail
from quiz.views.card import card
from quiz.views.rows import section
from quiz.views.trail import Link
from quiz.web import learner, markdown, render, state

router = APIRouter()


@router.get("/topics/{pack}/{topic}/done")
async def done(request: Request, pack: str, topic: str) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    found = find.pack(catalog, pack)
    named = find.topic(found, topic)
    marks = state(request)["storage"].marks(learner(request), found.slug)
    # Of what is not answered yet the rule would tell the answer.
    answered = [question for question in found.of_topic(topic) if question.id in marks]
    rules = [card(catalog, found, question).rule for question in answered]
    interview = named.interview
    return render(
        request,
        "topic_done.html",
        pack=found,
        topic=section(catalog, found, topic, marks),
        summary=_summary(found, topic, marks),
        onward=_onward(found, topic, marks),
        missed=_missed(found, topic, marks),
        rules=[rule for rule in rules if rule],
        interview=interview and {"ask": interview.ask, "answer": markdown(interview.answer)},
    )


def _summary(pack: Pack, topic: str, marks: trail.Standings) -> str:
    questions = pack.of_topic(topic)
    answered = sum(question.id in marks for question in questions)
    if not answered:
        return f"You have answered none of its {len(questions)} questions yet."
    score = number(round(trail.first_try(questions, marks), 2))
    of = "all" if answered == len(questions) else f"{answered} of {len(questions)}"
    return f"First try: {score} of {answered} right. You have answered {of}."


def _missed(pack: Pack, topic: str, marks: trail.Standings) -> Link | None:
    missed = [
        question
        for question in pack.of_topic(topic)
        if question.id in marks and trail.mark(marks[question.id].latest) != "right"
    ]
    if not missed:
        return None
    text = "Retry the one you missed" if len(missed) == 1 else f"Retry the {len(missed)} you missed"
    return Link(trail.question_href(pack, missed[0]), text)


def _onward(pack: Pack, topic: str, marks: trail.Standings) -> Link | None:
    """What is left of this topic, else the next topic that has something left."""
    topics = list(pack.topics)
    place = topics.index(topic)
    for slug in topics[place:] + topics[:place]:
        for question in pack.of_topic(slug):
            if question.id not in marks:
                title = pack.topics[slug].title
                text = "Go on with this topic" if slug == topic else f"Next topic: {title}"
                return Link(trail.question_href(pack, question), text)
    return None
