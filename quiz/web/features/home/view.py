"""The first page as data: the start or the way back, and every pack with its topics. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quiz import figure
from quiz.documents.yaml_document import Problem
from quiz.figure import Figure, Sentence
from quiz.packs.catalog import BrokenPack, Catalog
from quiz.packs.files import FIRST_RUN
from quiz.packs.pack import Pack
from quiz.runs import serialization
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.progress_markers import Link, Marker, Standings
from quiz.web.components.wording import day, plural

# Pack slugs to the learner's standings in that pack.
PackStandings = Mapping[str, Standings]


@dataclass(frozen=True, slots=True)
class Returning:
    """What a returning learner reads first: a sentence and the link that continues."""

    words: str
    link: Link


@dataclass(frozen=True, slots=True)
class Picture:
    """A recorded run as a timeline. `sentence` sums it up."""

    figure: Figure
    sentence: Sentence
    caption: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    href: str
    title: str
    note: str
    markers: list[Marker]


@dataclass(frozen=True, slots=True)
class PackRow:
    slug: str
    title: str
    href: str
    topics: list[TopicRow]


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A pack file with errors. `count` is their number in words."""

    name: str
    count: str
    problems: Sequence[Problem]


def start(catalog: Catalog) -> Link | None:
    """Link to the first question; None if no pack has a question."""
    for pack in catalog.packs.values():
        if question := progress_markers.first_open(pack, {}):
            return Link(progress_markers.question_href(pack, question), "Start: question 1")
    return None


def returning(catalog: Catalog, standings: PackStandings) -> Returning | None:
    """Where the learner continues, the pack answered last first; None without an answer."""
    last = {
        slug: max(one.latest.at for one in known.values())
        for slug, known in standings.items()
        if slug in catalog.packs
    }
    if not last:
        return None
    recent = sorted(last, key=lambda slug: last[slug], reverse=True)
    for slug in recent + [slug for slug in catalog.packs if slug not in last]:
        if found := _next_in(catalog.packs[slug], standings.get(slug, {})):
            return found
    return Returning("You have answered every question.", Link("/progress", "Your progress"))


def _next_in(pack: Pack, standings: Standings) -> Returning | None:
    question = progress_markers.first_open(pack, standings)
    if question is None:
        return None
    topic = pack.of_topic(question.topic)
    note = progress_markers.note(topic, standings)
    return Returning(
        words=f"{pack.topics[question.topic].title}: {note}.",
        link=Link(
            progress_markers.question_href(pack, question),
            f"Continue: question {pack.number_of(question)} of {len(topic)}",
        ),
    )


@lru_cache(maxsize=16)
def picture(span: str) -> Picture | None:
    """The recorded run with this span selected; None if the pack root has no recording.

    Nothing in this run happens in the background, so it gives no answer away. A test compares it
    with every question. To record another: quiz run one_request --save content/first-run.json
    """
    if not FIRST_RUN.is_file():
        return None
    run = serialization.load(FIRST_RUN.read_text(encoding="utf-8"))
    drawn = figure.draw(run.timeline, selected=span)
    caption = (
        f"A real run of one request, recorded on {day(run.created)}; nothing in it is in the"
        " background yet. After each answer you see one like it, drawn while it runs."
    )
    return Picture(drawn, drawn.sentence, caption)


def pack_row(pack: Pack, standings: Standings) -> PackRow:
    href = f"/packs/{pack.slug}"
    topics = [
        TopicRow(
            href=f"{href}#{topic.slug}",
            title=topic.title,
            note=progress_markers.note(pack.of_topic(topic.slug), standings),
            markers=progress_markers.markers(pack, topic.slug, standings),
        )
        for topic in pack.topics.values()
    ]
    return PackRow(pack.slug, pack.title, href, topics)


def broken_file(pack: BrokenPack) -> BrokenFile:
    return BrokenFile(pack.file, plural(len(pack.problems), "error"), pack.problems)
