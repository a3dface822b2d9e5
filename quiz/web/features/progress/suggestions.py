"""What the learner can do next: continue, then retry what they missed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quiz.learning import scoring
from quiz.learning.attempt import Standing
from quiz.learning.scoring import Standings
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.web.components.questions import next_steps, progress_markers
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.wording import plural

# Pack slugs to the learner's standings in that pack.
PackStandings = Mapping[str, Standings]


@dataclass(frozen=True, slots=True)
class Suggestion:
    link: Link
    why: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`steps`, the most useful first. `later` says which retries do not count yet."""

    steps: list[Suggestion]
    later: str


def suggestions(catalog: Catalog, standings: Sequence[Standing], now: datetime) -> Suggestions:
    packs = scoring.by_pack(standings)
    steps, waiting = list(_next_question(catalog, packs)), 0
    for pack, topic, missed in _missed(catalog, packs):
        ready = [one for one in missed if scoring.would_count(one, standings, now)]
        waiting += len(missed) - len(ready)
        if ready:
            steps.append(_retry(pack, topic, ready))
    if not steps:
        steps += _interviews(catalog)
    return Suggestions(steps, _later(waiting))


def _next_question(catalog: Catalog, packs: PackStandings) -> Iterator[Suggestion]:
    """The next unanswered question, in the pack that the learner answered last."""

    def last(pack: Pack) -> float:
        tried = packs.get(pack.slug, {}).values()
        return max((one.latest.at.timestamp() for one in tried), default=0.0)

    for pack in sorted(catalog.packs.values(), key=last, reverse=True):
        standings = packs.get(pack.slug, {})
        question = progress_markers.first_open(pack, standings)
        link = next_steps.rest(pack, question.topic, standings) if question else None
        if question and link:
            note = progress_markers.note(pack.of_topic(question.topic), standings)
            yield Suggestion(link, f"{pack.topics[question.topic].title}: {note}.")
            return


def _missed(catalog: Catalog, packs: PackStandings) -> Iterator[tuple[Pack, str, list[Standing]]]:
    for pack in catalog.packs.values():
        standings = packs.get(pack.slug, {})
        for topic in pack.topics:
            ids = [question.id for question in pack.of_topic(topic)]
            if missed := scoring.missed(ids, standings):
                yield pack, topic, missed


def _retry(pack: Pack, topic: str, ready: Sequence[Standing]) -> Suggestion:
    href = f"/packs/{pack.slug}/{ready[0].question}"
    text = f"Retry {plural(len(ready), 'question')} of {pack.topics[topic].title}"
    why = "Not right when it last counted; a retry counts again now."
    return Suggestion(Link(href, text), why)


def _interviews(catalog: Catalog) -> Iterator[Suggestion]:
    """The interview questions of every pack, for a learner who has answered everything."""
    for pack in catalog.packs.values():
        if any(topic.interview for topic in pack.topics.values()):
            link = Link(f"/topics/{pack.slug}/interview", "Say it aloud, as in an interview")
            yield Suggestion(link, f"You have answered all of {pack.title}.")


def _later(waiting: int) -> str:
    if not waiting:
        return ""
    which = plural(waiting, "question") + " that you missed"
    return f"{which} can be retried for practice now. A retry counts {progress_markers.SPACED}."
