"""The end of a topic: its score, its rules of thumb, its interview question, the next topic."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.storage.rehearsals import Rehearsal
from quiz.storage.storage import Storage
from quiz.web.components import lookup
from quiz.web.components.questions import interview_card, next_steps, progress_markers
from quiz.web.components.questions.progress_markers import Link, Standings
from quiz.web.components.questions.question_card import card
from quiz.web.components.questions.question_rows import section
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Learn"))


@dataclass(frozen=True, slots=True)
class LearnerData:
    """`rehearsal` is the learner's last mark of the topic's interview question."""

    standings: Standings
    rehearsal: Rehearsal | None


@dataclass(frozen=True, slots=True)
class NextTopic:
    """The next topic with unanswered questions, and the link to the first of them."""

    title: str
    note: str
    link: Link | None


@router.get("/topics/{pack}/{topic}/done")
async def show(request: Request, pack: str, topic: str) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    named = lookup.topic(found, topic)
    data = await load_learner(state(request)["storage"], learner(request), found.slug, topic)
    standings = data.standings
    return render(
        request,
        "topic_done.html",
        pack=found,
        topic=section(catalog, found, topic, standings),
        summary=summary(found, topic, standings),
        rest=next_steps.rest(found, topic, standings),
        retry=next_steps.retry(found, topic, standings),
        rules=rules(catalog, found, topic, standings),
        interview=interview_card.card(catalog, found, named, data.rehearsal),
        compared=False,
        following=next_topic(found, topic, standings),
    )


async def load_learner(storage: Storage, learner: str, pack: str, topic: str) -> LearnerData:
    standings = await storage.standings.of_pack(learner, pack)
    rehearsals = await storage.rehearsals.all(learner, pack)
    return LearnerData(standings, next((one for one in rehearsals if one.topic == topic), None))


def summary(pack: Pack, topic: str, standings: Standings) -> str:
    questions = pack.of_topic(topic)
    if not progress_markers.score(questions, standings).tried:
        return f"You have answered none of its {len(questions)} questions yet."
    return f"{progress_markers.scored(questions, standings)}."


def rules(catalog: Catalog, pack: Pack, topic: str, standings: Standings) -> list[Markup]:
    """Rules of thumb of the answered questions: a rule gives its question's answer away."""
    answered = [question for question in pack.of_topic(topic) if question.id in standings]
    return [rule for question in answered if (rule := card(catalog, pack, question).rule)]


def next_topic(pack: Pack, topic: str, standings: Standings) -> NextTopic | None:
    slug = next_steps.next_topic(pack, topic, standings)
    if slug is None:
        return None
    return NextTopic(
        title=pack.topics[slug].title,
        note=progress_markers.note(pack.of_topic(slug), standings),
        link=next_steps.rest(pack, slug, standings),
    )
