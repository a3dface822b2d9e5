"""A pack's page: its topics and questions with the learner's marks, and its files to download."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from quiz.exchange import WRITERS
from quiz.storage.storage import Storage
from quiz.web.components import lookup
from quiz.web.components.questions import next_steps, progress_markers
from quiz.web.components.questions.progress_markers import Standings
from quiz.web.components.questions.question_rows import section
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Learn"))


@router.get("/packs/{pack}")
async def show(request: Request, pack: str) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    found = lookup.pack(catalog, pack)
    standings = await load_standings(state(request)["storage"], learner(request), found.slug)
    return render(
        request,
        "pack.html",
        pack=found,
        has_interview=any(topic.interview for topic in found.topics.values()),
        score=progress_markers.scored(found.questions, standings),
        topics=[section(catalog, found, topic, standings) for topic in found.topics],
        rest={topic: next_steps.rest(found, topic, standings) for topic in found.topics},
        formats=WRITERS.values(),
        not_mapped=[question for question in found.questions if question.plain() is None],
        ends={topic: next_steps.done_href(found, topic) for topic in found.topics},
    )


async def load_standings(storage: Storage, learner: str, pack: str) -> Standings:
    return await storage.standings.of_pack(learner, pack)
