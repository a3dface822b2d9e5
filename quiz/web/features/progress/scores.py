"""A learner's scores as /progress shows them: in words, as a drawing and its table, and what next.

The numbers are scoring.py's; here they get their words, places and addresses. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing
from quiz.learning.scoring import Score
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.web.components.questions import next_steps, progress_markers
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.wording import plural

Marks = Mapping[str, progress_markers.Standings]

# The height of a topic in the drawing, its title above its two bars.
TOPIC = 72
# The height of a column of the history, and of one that stands for nothing right.
COLUMN, STUB = 40.0, 4.0


@dataclass(frozen=True, slots=True)
class Bars:
    """A topic as two bars on tracks as long as its questions; widths in hundredths of a track."""

    title: str
    top: int
    tried: float
    first: float
    eventual: float
    ticks: list[float]
    """Between one question and the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """A topic in the table."""

    href: str
    title: str
    first: str
    eventual: str
    strength: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The topics that were begun, drawn and as a table."""

    lines: list[Line]
    bars: list[Bars]

    @property
    def height(self) -> int:
        return TOPIC * len(self.bars)


@dataclass(frozen=True, slots=True)
class Column:
    """An attempt in the history's drawing: the higher, the more of it was right."""

    x: float
    y: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    link: Link
    why: str


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next, the first first: what was begun or is new, then what counts if retried."""

    steps: list[Step]
    later: str
    """What does not count yet."""


def by_pack(standings: Sequence[Standing]) -> dict[str, dict[str, Standing]]:
    packs: dict[str, dict[str, Standing]] = {}
    for standing in standings:
        packs.setdefault(standing.pack, {})[standing.question] = standing
    return packs


def drawn(catalog: Catalog, marks: Marks) -> Scores:
    begun = [
        (pack, topic, score)
        for pack in catalog.packs.values()
        for topic in pack.topics
        if (score := progress_markers.score(pack.of_topic(topic), marks.get(pack.slug, {}))).tried
    ]
    return Scores(
        [_line(pack, topic, score) for pack, topic, score in begun],
        [
            _bars(pack.topics[topic].title, place * TOPIC, score)
            for place, (pack, topic, score) in enumerate(begun)
        ],
    )


def _line(pack: Pack, topic: str, score: Score) -> Line:
    return Line(
        href=next_steps.done_href(pack, topic),
        title=pack.topics[topic].title,
        first=progress_markers.out_of(score.first, score),
        eventual=progress_markers.out_of(score.eventual, score),
        strength=progress_markers.strength(score),
    )


def _bars(title: str, top: int, score: Score) -> Bars:
    def share(value: float) -> float:
        return round(100 * value / score.questions, 2)

    ticks = [share(place) for place in range(1, score.questions)]
    return Bars(title, top, share(score.tried), share(score.first), share(score.eventual), ticks)


def columns(attempts: Sequence[Attempt], most: int) -> list[Column]:
    """The newest comes first and stands at the right; what was not right is a stub."""
    found = []
    for place, attempt in enumerate(reversed(attempts)):
        height = STUB + (COLUMN - STUB) * scoring.grade(attempt)
        kind = "shown" if attempt.revealed else "counted" if attempt.counted else "practice"
        found.append(Column(round(100 * place / most, 2), COLUMN - height, height, kind))
    return found


def onwards(catalog: Catalog, standings: Sequence[Standing], now: datetime) -> Next:
    marks = by_pack(standings)
    steps, waiting = list(_goes_on(catalog, marks)), 0
    for pack, topic, left in _missed(catalog, marks):
        ready = [one for one in left if scoring.would_count(one, standings, now)]
        waiting += len(left) - len(ready)
        if ready:
            steps.append(_retry(pack, topic, ready))
    if not steps:
        steps += _aloud(catalog)
    return Next(steps, _later(waiting))


def _goes_on(catalog: Catalog, marks: Marks) -> Iterator[Step]:
    """To the next question without an answer, of the pack that was last at hand."""

    def last(pack: Pack) -> float:
        tried = marks.get(pack.slug, {}).values()
        return max((one.latest.at.timestamp() for one in tried), default=0.0)

    for pack in sorted(catalog.packs.values(), key=last, reverse=True):
        known = marks.get(pack.slug, {})
        if question := progress_markers.first_open(pack, known):
            link = next_steps.rest(pack, question.topic, known)
            assert link
            note = progress_markers.note(pack.of_topic(question.topic), known)
            yield Step(link, f"{pack.topics[question.topic].title}: {note}.")
            return


def _missed(catalog: Catalog, marks: Marks) -> Iterator[tuple[Pack, str, list[Standing]]]:
    for pack in catalog.packs.values():
        known = marks.get(pack.slug, {})
        for topic in pack.topics:
            ids = [question.id for question in pack.of_topic(topic)]
            if left := scoring.missed(ids, known):
                yield pack, topic, left


def _retry(pack: Pack, topic: str, ready: Sequence[Standing]) -> Step:
    href = f"/packs/{pack.slug}/{ready[0].question}"
    text = f"Retry {plural(len(ready), 'question')} of {pack.topics[topic].title}"
    why = "Not right when it last counted; a retry counts again now."
    return Step(Link(href, text), why)


def _aloud(catalog: Catalog) -> Iterator[Step]:
    """Who has nothing left to answer now says it in words of their own."""
    for pack in catalog.packs.values():
        if any(topic.interview for topic in pack.topics.values()):
            link = Link(f"/topics/{pack.slug}/interview", "Say it aloud, as in an interview")
            yield Step(link, f"You have answered all of {pack.title}.")


def _later(waiting: int) -> str:
    if not waiting:
        return ""
    which = plural(waiting, "question") + " that you missed"
    return f"{which} can be retried for practice now. A retry counts {progress_markers.SPACED}."
