"""The first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing
from quiz.storage.mock_interviews import MockInterview
from quiz.storage.storage import Storage
from quiz.web.components.questions import review_state
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state
from quiz.web.core.routing import FeatureRouter, NavigationLink, RouteRules
from quiz.web.features.home import view

router = FeatureRouter(RouteRules(section="Learn"), NavigationLink("Learn", "/", order=1))

SPAN_LENGTH = 4


@dataclass(frozen=True, slots=True)
class LearnerData:
    """What the first page shows of a learner. `latest` are the newest attempts."""

    standings: Sequence[Standing]
    latest: Sequence[Attempt]
    interview: MockInterview | None


@router.get("/")
async def show(request: Request) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    data = await load_learner(state(request)["storage"], learner(request))
    standings = scoring.by_pack(data.standings)
    queue = review_state.queue(catalog, data.standings, data.latest, datetime.now(UTC))
    return render(
        request,
        "home.html",
        start=view.start(catalog),
        returning=view.returning(catalog, standings),
        due=queue.start,
        picture=view.picture(request.query_params.get("span", "")[:SPAN_LENGTH]),
        packs=[
            view.pack_row(pack, standings.get(slug, {})) for slug, pack in catalog.packs.items()
        ],
        interview=data.interview,
        broken=[view.broken_file(pack) for pack in catalog.broken],
    )


async def load_learner(storage: Storage, learner: str) -> LearnerData:
    standings = await storage.standings.all(learner)
    # Only the pace of the review needs attempts, and a newcomer has no review.
    latest = await storage.attempts.latest(learner, review_state.LATEST) if standings else []
    interview = await storage.interviews.open(learner)
    return LearnerData(standings, latest, interview)
