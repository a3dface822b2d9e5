"""The end of a sitting: how a topic went, what was missed, its rules of thumb, what comes next."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from quiz.packs.pack import Pack
from quiz.web.components import lookup
from quiz.web.components.questions import interview_card, next_steps, progress_markers
from quiz.web.components.questions.question_card import card
from quiz.web.components.questions.question_rows import section
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state

router = APIRouter()


@router.get("/topics/{pack}/{topic}/done")
async def done(request: Request, pack: str, topic: str) -> HTMLResponse:
    catalog, storage = state(request)["shelf"].catalog, state(request)["storage"]
    found = lookup.pack(catalog, pack)
    named = lookup.topic(found, topic)
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
        rest=next_steps.rest(found, topic, marks),
        retry=next_steps.retry(found, topic, marks),
        rules=[rule for rule in rules if rule],
        interview=interview_card.card(catalog, found, named, aloud.get(topic)),
        compared=False,
        following=_following(found, topic, marks),
    )


def _summary(pack: Pack, topic: str, marks: progress_markers.Standings) -> str:
    questions = pack.of_topic(topic)
    if not progress_markers.score(questions, marks).tried:
        return f"You have answered none of its {len(questions)} questions yet."
    return f"{progress_markers.scored(questions, marks)}."


def _following(
    pack: Pack, topic: str, marks: progress_markers.Standings
) -> dict[str, object] | None:
    """The next topic with something left, and the way into it."""
    slug = next_steps.next_topic(pack, topic, marks)
    if slug is None:
        return None
    return {
        "title": pack.topics[slug].title,
        "note": progress_markers.note(pack.of_topic(slug), marks),
        "way": next_steps.rest(pack, slug, marks),
    }
