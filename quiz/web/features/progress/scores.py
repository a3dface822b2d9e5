"""Scores on the progress page: as bars with a table, as columns of the latest answers. Pure.

quiz.learning.scoring computes the numbers. This module gives them words, places and addresses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quiz.learning import scoring
from quiz.learning.attempt import Attempt
from quiz.learning.scoring import Score, Standings
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.web.components.questions import next_steps, progress_markers

# Pack slugs to the learner's standings in that pack.
PackStandings = Mapping[str, Standings]

# Height of a topic in the drawing: its title above its two bars.
TOPIC = 72
# Height of a full column, and of a column whose answer was not right at all.
COLUMN, STUB = 40.0, 4.0


@dataclass(frozen=True, slots=True)
class Bars:
    """A topic as two bars. Widths in per cent of the track, which stands for all its questions.

    `ticks` are the borders between one question and the next.
    """

    title: str
    top: int
    tried: float
    first: float
    eventual: float
    ticks: list[float]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the table."""

    href: str
    title: str
    first: str
    eventual: str
    strength: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The topics with an answer, as table rows and as bars."""

    rows: list[TopicRow]
    bars: list[Bars]

    @property
    def height(self) -> int:
        return TOPIC * len(self.bars)


@dataclass(frozen=True, slots=True)
class Column:
    """An attempt as a column. The height is its grade; `x` and `width` are in per cent."""

    x: float
    y: float
    height: float
    kind: str


def drawing(catalog: Catalog, packs: PackStandings) -> Scores:
    begun = [
        (pack, topic, score)
        for pack in catalog.packs.values()
        for topic in pack.topics
        if (score := progress_markers.score(pack.of_topic(topic), packs.get(pack.slug, {}))).tried
    ]
    return Scores(
        [_topic_row(pack, topic, score) for pack, topic, score in begun],
        [
            _bars(pack.topics[topic].title, place * TOPIC, score)
            for place, (pack, topic, score) in enumerate(begun)
        ],
    )


def _topic_row(pack: Pack, topic: str, score: Score) -> TopicRow:
    return TopicRow(
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
    """Columns of the attempts, which come newest first; the newest is at the right."""
    found = []
    for place, attempt in enumerate(reversed(attempts)):
        height = STUB + (COLUMN - STUB) * scoring.grade(attempt)
        kind = "shown" if attempt.revealed else "counted" if attempt.counted else "practice"
        found.append(Column(round(100 * place / most, 2), COLUMN - height, height, kind))
    return found
