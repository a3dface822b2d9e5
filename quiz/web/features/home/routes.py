"""The first page: what this is and one button; for who has been here, where they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from quiz import figure
from quiz.packs.catalog import FIRST_RUN, BrokenPack, Catalog
from quiz.packs.pack import Pack
from quiz.runs import serialization
from quiz.web.components.questions import progress_markers, review_state
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.wording import day, plural
from quiz.web.core.rendering import render
from quiz.web.core.request import learner, state

router = APIRouter()

# Nothing in it runs in the background, so it gives no question's answer away: a test holds it
# against them all. To record another: quiz run one_request --save content/first-run.json

Marks = Mapping[str, progress_markers.Standings]


@dataclass(frozen=True, slots=True)
class TopicRow:
    href: str
    title: str
    note: str
    trail: list[progress_markers.Marker]


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    catalog, storage = state(request)["shelf"].catalog, state(request)["storage"]
    who = learner(request)
    marks = {slug: storage.marks(who, slug) for slug in catalog.packs}
    queue = await review_state.load_queue(state(request), who) if any(marks.values()) else None
    return render(
        request,
        "home.html",
        start=_start(catalog),
        returning=_returning(catalog, marks),
        due=queue.start if queue else None,
        picture=_picture(request.query_params.get("span", "")[:4]),
        packs=[_pack(pack, marks[slug]) for slug, pack in catalog.packs.items()],
        interview=storage.interviews.open(who),
        broken=[_broken(pack) for pack in catalog.broken],
    )


@lru_cache(maxsize=16)
def _picture(span: str) -> dict[str, object] | None:
    """A run that was recorded once: what a newcomer will see of their own."""
    if not FIRST_RUN.is_file():
        return None
    run = serialization.load(FIRST_RUN.read_text(encoding="utf-8"))
    drawn = figure.draw(run.timeline, selected=span)
    caption = (
        f"A real run of one request, recorded on {day(run.created)}; nothing in it is in the"
        " background yet. After each answer you see one like it, drawn while it runs."
    )
    return {"figure": drawn, "sentence": drawn.sentence, "caption": caption}


def _start(catalog: Catalog) -> Link | None:
    for pack in catalog.packs.values():
        if pack.questions:
            first = progress_markers.first_open(pack, {})
            assert first
            return Link(progress_markers.question_href(pack, first), "Start: question 1")
    return None


def _returning(catalog: Catalog, marks: Marks) -> dict[str, str] | None:
    """Where they were last; None for who has answered nothing."""
    last = {
        slug: max(s.latest.at for s in known.values()) for slug, known in marks.items() if known
    }
    if not last:
        return None
    slugs = sorted(last, key=lambda slug: last[slug], reverse=True)
    for slug in slugs + [slug for slug in catalog.packs if slug not in last]:
        pack = catalog.packs[slug]
        if question := progress_markers.first_open(pack, marks[slug]):
            topic = pack.of_topic(question.topic)
            title = pack.topics[question.topic].title
            return {
                "words": f"{title}: {progress_markers.note(topic, marks[slug])}.",
                "text": f"Continue: question {pack.number_of(question)} of {len(topic)}",
                "href": progress_markers.question_href(pack, question),
            }
    return {
        "words": "You have answered every question.",
        "text": "Your progress",
        "href": "/progress",
    }


def _pack(pack: Pack, marks: progress_markers.Standings) -> dict[str, object]:
    topics = [
        TopicRow(
            f"/packs/{pack.slug}#{topic.slug}",
            topic.title,
            progress_markers.note(pack.of_topic(topic.slug), marks),
            progress_markers.markers(pack, topic.slug, marks),
        )
        for topic in pack.topics.values()
    ]
    return {"slug": pack.slug, "title": pack.title, "href": f"/packs/{pack.slug}", "topics": topics}


def _broken(pack: BrokenPack) -> dict[str, object]:
    return {
        "name": pack.file,
        "count": plural(len(pack.problems), "error"),
        "problems": pack.problems,
    }
