"""The end of a sitting: how a topic went, what was missed, its rules of thumb, what comes next."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from quiz.pack import Pack
from quiz.views import find, interview, onward, trail
from quiz.views.card import card
from quiz.views.rows import section
from quiz.web import learner, render, state

router = APIRouter()


@router.get("/topics/{pack}/{topic}/done")
async def done(request: Request, pack: str, topic: str) -> HTMLResponse:
    catalog, storage = state(request)["shelf"].catalog, state(request)["storage"]
    found = find.pack(catalog, pack)
    named = find.topic(found, topic)
    who = learner(request)
    marks = storage.marks(who, found.slug)
    aloud = {said.topic: said for said in storage.rehearsals(who, found.slug)}
    # Of what is not answered yet the rule would tell the answer.
    answered = [question for question in found.of_topic(topic) if question.id in marks]
    rules = [card(catalog, found, question).rule for question in answered]
    return render(
        request,
        "topic_done.html",
        pack=found,
        topic=section(catalog, found, topic, marks),
        summary=_summary(found, topic, marks),
        rest=onward.rest(found, topic, marks),
        retry=onward.retry(found, topic, marks),
        rules=[rule for rule in rules if rule],
        interview=interview.card(catalog, found, named, aloud.get(topic)),
        compared=False,
        following=_following(found, topic, marks),
    )


def _summary(pack: Pack, topic: str, marks: trail.Standings) -> str:
    questions = pack.of_topic(topic)
    if not trail.score(questions, marks).tried:
        return f"You have answered none of its {len(questions)} questions yet."
    return f"{trail.scored(questions, marks)}."


def _following(pack: Pack, topic: str, marks: trail.Standings) -> dict[str, object] | None:
    """The next topic with something left, and the way into it."""
    slug = onward.next_topic(pack, topic, marks)
    if slug is None:
        return None
    return {
        "title": pack.topics[slug].title,
        "note": trail.note(pack.of_topic(slug), marks),
        "way": onward.rest(pack, slug, marks),
    }
