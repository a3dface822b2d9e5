"""A learner's review queue as pages show it: the rows, the pace, the next question."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from markupsafe import Markup

from quiz.learning import review_queue
from quiz.learning.attempt import Attempt, Standing
from quiz.learning.review_queue import Due
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.web.components.questions.progress_markers import Link, question_href
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.wording import day
from quiz.web.core.request import State

# Part of an address: the learner came from the review and returns to it after the answer.
FROM = "from=review"
# The pace is measured over this many of the latest answers.
LATEST = 50


def in_review(request: Request) -> bool:
    """Whether the page belongs to a review."""
    return request.query_params.get("from") == "review"


def suffix(in_review: bool) -> str:
    """End of an address that stays within a review."""
    return f"?{FROM}" if in_review else ""


# The queue.


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What is due now, in order.

    `portion` is the number of questions left for today. `seconds` is the time per question.
    `new`: the learner has not answered anything yet.
    """

    due: tuple[tuple[Pack, Question, Due], ...]
    portion: int
    seconds: float
    next_day: datetime | None
    new: bool

    @property
    def today(self) -> tuple[tuple[Pack, Question, Due], ...]:
        return self.due[: self.portion]

    @property
    def words(self) -> str:
        """ "Review 7 · about 4 min"."""
        minutes = max(1, math.ceil(self.seconds * len(self.today) / 60))
        return f"Review {len(self.today)} · about {minutes} min"

    @property
    def start(self) -> Link | None:
        """Link to the first question of today."""
        if not self.today:
            return None
        pack, question, _ = self.today[0]
        return Link(f"{question_href(pack, question)}?{FROM}", self.words)

    @property
    def more(self) -> int:
        """Number of due questions beyond today's portion."""
        return len(self.due) - len(self.today)

    @property
    def next_step(self) -> Link:
        """Link after an answer within a review."""
        if first := self.start:
            left = len(self.today)
            return Link(first.href, "Next, the last one" if left == 1 else f"Next: {left} left")
        return Link("/review", "Done for today" if self.more else "All reviewed")


async def load_queue(services: State, learner: str, *, everything: bool = False) -> ReviewQueue:
    """The learner's queue as of now. `everything` lifts the limit of a day's portion."""
    storage = services["storage"]
    standings = await storage.standings.all(learner)
    latest = await storage.attempts.latest(learner, LATEST)
    catalog = services["shelf"].catalog
    return queue(catalog, standings, latest, datetime.now(UTC), everything=everything)


def queue(
    catalog: Catalog,
    standings: Sequence[Standing],
    attempts: Sequence[Attempt],
    now: datetime,
    *,
    everything: bool = False,
) -> ReviewQueue:
    """The queue over questions that still exist. The newest `attempts` give the pace."""
    known = list(_known(catalog, standings))
    found = {id(one): (pack, question) for pack, question, one in known}
    waiting = [
        Due(one, question.concept, question.pattern)
        for _, question, one in known
        if review_queue.is_due_now(one, now)
    ]
    ordered = [(*found[id(one.standing)], one) for one in review_queue.in_order(waiting)]
    later = [
        one.memory.due
        for _, _, one in known
        if one.memory and not review_queue.is_due_now(one, now)
    ]
    left = max(0, review_queue.DAILY - review_queue.reviewed_today(standings, now))
    return ReviewQueue(
        due=tuple(ordered),
        portion=len(ordered) if everything else min(left, len(ordered)),
        seconds=review_queue.pace(attempts),
        next_day=min(later, default=None),
        new=not standings,
    )


def _known(
    catalog: Catalog, standings: Iterable[Standing]
) -> Iterable[tuple[Pack, Question, Standing]]:
    for one in standings:
        pack = catalog.packs.get(one.pack)
        if pack and (question := pack.question(one.question)):
            yield pack, question, one


# Rows of the review page.


@dataclass(frozen=True, slots=True)
class Row:
    href: str
    stem: Markup
    topic: str
    since: str


async def load_rows(services: State, waiting: Iterable[tuple[Pack, Question, Due]]) -> list[Row]:
    """A row per due question, with the numbers that the learner will see."""
    catalog, rows, listed = services["shelf"].catalog, list[Row](), list(waiting)
    ids = [one.standing.latest.attempt for _, question, one in listed if question.variants]
    latest = await services["storage"].attempts.by_id(ids)
    for pack, question, one in listed:
        asked = card(catalog, pack, question)
        shown = next_variant(asked, latest.get(one.standing.latest.attempt))
        href, title = f"{shown.href}?{FROM}", pack.topics[question.topic].title
        rows.append(Row(href, shown.stem, title, day(one.since)))
    return rows


async def load_variant(services: State, asked: Card, standing: Standing | None) -> Card:
    """The question variant to ask now. It stays the same until the learner answers again."""
    if standing is None or not asked.question.variants:
        return asked
    last = await services["storage"].attempts.get(standing.latest.attempt)
    return next_variant(asked, last)


def next_variant(asked: Card, last: Attempt | None) -> Card:
    """The question variant after the one that the learner answered last.

    Without a last answer, the one after the question's own numbers.
    """
    if not asked.question.variants:
        return asked
    before = asked.drawn(last.drawn if last else None)
    return asked.every[(before.variant + 1) % len(asked.every)]


async def load_last_answer(services: State, learner: str) -> Link | None:
    """Link to the learner's last answer, where it can be undone."""
    newest = await services["storage"].attempts.latest(learner, 1)
    return Link(f"/attempts/{newest[0].id}?{FROM}", "Your last answer") if newest else None
