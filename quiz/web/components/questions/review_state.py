"""What is due for a learner, as the review and its links show it; what follows within it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from markupsafe import Markup

from quiz.learning import review_queue
from quiz.learning.attempt import Attempt, Standing
from quiz.learning.review_queue import Due
from quiz.learning.spaced_repetition import DAY
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.web.components.questions.progress_markers import Link, question_href
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.wording import day, plural
from quiz.web.core.request import learner, state

# In an address it says that the question was asked in a review, which goes on afterwards.
FROM = "from=review"
# The pace is measured over so many of the latest answers.
LATEST = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due now in its order. `portion` is what is left of today's, `new` where nothing was
    answered yet."""

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
        """To the first of today's."""
        if not self.today:
            return None
        pack, question, _ = self.today[0]
        return Link(f"{question_href(pack, question)}?{FROM}", self.words)

    @property
    def more(self) -> int:
        """How many are due beyond today's portion."""
        return len(self.due) - len(self.today)


def asks(request: Request) -> bool:
    return request.query_params.get("from") == "review"


def via(request: Request) -> str:
    """What an address within a review ends with."""
    return f"?{FROM}" if asks(request) else ""


def of(request: Request, *, everything: bool = False) -> Queue:
    """The caller's, as it is now."""
    storage, who = state(request)["storage"], learner(request)
    return queue(
        state(request)["shelf"].catalog,
        storage.standings(who),
        storage.attempts(who, LATEST),
        datetime.now(UTC),
        everything=everything,
    )


@dataclass(frozen=True, slots=True)
class Row:
    href: str
    stem: Markup
    topic: str
    since: str


def rows(request: Request, waiting: Iterable[tuple[Pack, Question, Due]]) -> list[Row]:
    catalog = state(request)["shelf"].catalog
    return [
        Row(
            f"{question_href(pack, question)}?{FROM}",
            drawn(request, card(catalog, pack, question), one.standing).stem,
            pack.topics[question.topic].title,
            day(one.since),
        )
        for pack, question, one in waiting
    ]


def drawn(request: Request, asked: Card, standing: Standing | None) -> Card:
    """With other numbers than last time, where the question has some: the same until it is
    answered again."""
    if standing is None or not asked.question.draws:
        return asked
    last = state(request)["storage"].attempt(standing.latest.attempt)
    before = asked.drawn(last.drawn if last else None)
    return asked.every[(before.draw + 1) % len(asked.every)]


def last(request: Request) -> Link | None:
    """To the caller's last answer, from where it can be taken back."""
    newest = state(request)["storage"].attempts(learner(request), 1)
    return Link(f"/attempts/{newest[0].id}?{FROM}", "Your last answer") if newest else None


def queue(
    catalog: Catalog,
    standings: Sequence[Standing],
    attempts: Sequence[Attempt],
    now: datetime,
    *,
    everything: bool = False,
) -> Queue:
    """Of the questions that are still there; the newest attempts give the pace."""
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
    return Queue(
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


def onward(of: Queue) -> Link:
    """After an answer within a review."""
    if first := of.start:
        left = len(of.today)
        return Link(first.href, "Next, the last one" if left == 1 else f"Next: {left} left")
    return Link("/review", "Done for today" if of.more else "All reviewed")


@dataclass(frozen=True, slots=True)
class Return:
    """When an answered question comes back, and what one may say to that."""

    words: str
    action: str
    said: str


def comes_back(standing: Standing | None, attempt: Attempt, now: datetime) -> Return | None:
    """None where another attempt than this counts."""
    if standing is None or standing.memory is None or standing.counted.attempt != attempt.id:
        return None
    left = (standing.memory.due - now) / DAY
    days = max(0, math.ceil(left))
    when = "tomorrow" if days == 1 else f"in {plural(days, 'day')}"
    words = (
        "It is due" if left <= 0 else f"It comes back {when}, on {day(standing.memory.due, now)}"
    )
    return Return(words, f"/attempts/{attempt.id}/correction", attempt.correction or "")
