"""A class over sixty simulated days: does a review come when it should, and to whom it should?

A hundred learners whose memories are known answer through the app's storage, which decides what is
due. Beside them the same learners are scheduled by the `fsrs` package alone. Knows no clock.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

from fsrs import Card, Rating, Scheduler

from bench.figures import BenchError, Figure
from bench.server import Place
from quiz.learning import review_queue
from quiz.learning.attempt import Attempt, new_id
from quiz.storage.storage import Storage

LEARNERS, DAYS, NEW_A_DAY = 100, 60, 2
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
PACK = "simulated"
FIRST_RIGHT = 0.75
# How much better or worse than the model says a learner keeps things.
KEEPS = (0.85, 1.18)
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
TARGET = SCHEDULER.desired_retention


@dataclass
class Mind:
    """A learner's memory as it is: the model's, a little better or worse kept."""

    chance: Random
    keeps: float
    cards: dict[str, Card] = field(default_factory=dict)
    reviews: int = 0
    recalled: list[float] = field(default_factory=list)

    def answer(self, question: str, at: datetime) -> bool:
        """Whether the learner answers right. The memory changes with the answer."""
        card = self.cards.get(question)
        likely = FIRST_RIGHT if card is None else self._likely(card, at)
        right = self.chance.random() < likely
        if card is not None:
            self.reviews += 1
            self.recalled.append(float(right))
        rating = Rating.Good if right else Rating.Again
        day = at.replace(hour=0)
        fresh = Card(card_id=0, due=day)
        self.cards[question], _ = SCHEDULER.review_card(card or fresh, rating, day)
        return right

    def _likely(self, card: Card, at: datetime) -> float:
        assert card.stability is not None
        as_kept = Card(
            card_id=0,
            state=card.state,
            stability=card.stability * self.keeps,
            difficulty=card.difficulty,
            due=card.due,
            last_review=card.last_review,
        )
        return SCHEDULER.get_card_retrievability(as_kept, at.replace(hour=0))


def figures(at: Place) -> Iterator[Figure]:
    app, kept = asyncio.run(_with_app(at.new("class") / "quiz.sqlite3"))
    alone = _alone()
    recall = fmean(one for mind in app for one in mind.recalled)
    ours, theirs = (sum(mind.reviews for mind in minds) for minds in (app, alone))
    who = f"{LEARNERS} learners, {DAYS} simulated days"
    yield Figure(
        f"{who}: mean recall at review, off {TARGET}",
        abs(recall - TARGET),
        0.03,
        notes=(f"{recall:.3f} of {ours:,} reviews were right.",),
    )
    yield Figure(
        "  reviews, off what fsrs alone asks for",
        abs(ours / theirs - 1),
        0.10,
        notes=(f"{ours:,} through the app, {theirs:,} by the package alone.",),
    )
    yield Figure(
        "  attempts seen by another learner",
        kept,
        0,
        notes=("Each learner's standings and export hold just what they sent.",),
    )


def _minds() -> list[Mind]:
    chances = [Random(number) for number in range(LEARNERS)]
    return [Mind(chance, chance.uniform(*KEEPS)) for chance in chances]


def _new(day: int) -> list[str]:
    return [f"q{day}-{n}" for n in range(NEW_A_DAY)]


async def _with_app(file: Path) -> tuple[list[Mind], int]:
    """The learners, and the number of attempts that are lost or stored for another learner."""
    storage = Storage(file)
    await storage.start()
    try:
        minds = _minds()
        sent: list[set[str]] = [set() for _ in minds]
        for day in range(DAYS):
            now = BEGIN + timedelta(days=day)
            await asyncio.gather(
                *(_day(storage, n, mind, day, now, sent[n]) for n, mind in enumerate(minds))
            )
        return minds, sum([await _astray(storage, n, ids) for n, ids in enumerate(sent)])
    finally:
        await storage.stop()


async def _day(
    storage: Storage, number: int, mind: Mind, day: int, now: datetime, sent: set[str]
) -> None:
    standings = await storage.standings.all(_name(number))
    waiting = [one.question for one in standings if review_queue.is_due_now(one, now)]
    for place, question in enumerate([*waiting, *_new(day)]):
        at = now + timedelta(seconds=place)
        right = mind.answer(question, at)
        new = Attempt(
            id=new_id(),
            learner=_name(number),
            token=f"{day} {question}",
            pack=PACK,
            question=question,
            kind="choice",
            answer=["o1"],
            score=float(right),
            at=at,
        )
        kept = await storage.attempts.add(new)
        if not kept.counted:
            raise BenchError(f"A review of {question} did not count.")
        sent.add(kept.id)


def _name(number: int) -> str:
    return f"{number:064x}"


async def _astray(storage: Storage, number: int, sent: set[str]) -> int:
    found = Counter(
        [one.id async for batch in storage.attempts.batches(_name(number)) for one in batch]
    )
    seen = {one.latest.attempt for one in await storage.standings.all(_name(number))}
    return len(set(found) ^ sent) + len(seen - sent)


def _alone() -> list[Mind]:
    """The same learners with nothing but the package between them and their cards."""
    minds = _minds()
    for mind in minds:
        for day in range(DAYS):
            now = BEGIN + timedelta(days=day)
            waiting = [name for name, card in mind.cards.items() if card.due <= now]
            for question in [*waiting, *_new(day)]:
                mind.answer(question, now)
    return minds
