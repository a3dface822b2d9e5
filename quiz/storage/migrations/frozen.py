"""The scoring rules as they were when migrations 0002, 0007 and 0008 were written.

A migration never imports live code, because a later change would then rewrite history. Nothing in
this module is ever edited. FSRS runs with the parameters that it had then, written out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from fsrs import Card, Rating, Scheduler, State

OTHERS = 3
PASSED = 0.5
PAUSE_SECONDS = 180.0
CONFIDENCES = ("guess", "think", "certain")
FSRS = Scheduler(
    parameters=(
        *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
        *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
    ),
    desired_retention=0.9,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=36500,
    enable_fuzzing=False,
)

Key = tuple[str, str]


class Utc(sa.TypeDecorator[datetime]):
    """An aware time in and out, in UTC, also where the database keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else None


@dataclass(frozen=True)
class Attempt:
    """The columns of an attempt that the rules read; `score` is 0 to 1, None when revealed."""

    id: str
    pack: str
    question: str
    score: float | None
    revealed: bool
    at: datetime


@dataclass
class Standing:
    """What a learner's attempts at one question amount to."""

    pack: str
    question: str
    n: int
    first: Attempt
    latest: Attempt
    counted: Attempt
    answered_at: datetime | None
    memory: Card


def replay(
    attempts: Iterable[Attempt], void: Collection[str] = ()
) -> tuple[list[Standing], dict[str, bool]]:
    """A learner's standings after all attempts in time order, and whether each attempt counts.

    A wrong attempt in `void` is left out: two runs contradicted the key of its question.
    """
    standings: dict[Key, Standing] = {}
    counted: dict[str, bool] = {}
    for new in attempts:
        if new.id in void and _grade(new) < 1:
            counted[new.id] = False
            continue
        key = (new.pack, new.question)
        if (known := standings.get(key)) is None:
            standings[key] = _first(new)
            counted[new.id] = True
        else:
            counted[new.id] = _counts(known, new, standings)
            _add(known, new, counted[new.id])
    return list(standings.values()), counted


def _grade(attempt: Attempt) -> float:
    return 0.0 if attempt.revealed else attempt.score or 0.0


def _first(new: Attempt) -> Standing:
    answered = None if new.revealed else new.at
    return Standing(new.pack, new.question, 1, new, new, new, answered, _remembered(None, new))


def _counts(known: Standing, new: Attempt, standings: dict[Key, Standing]) -> bool:
    """A retry counts after three answers to other questions, or on a later day of UTC."""
    if new.revealed:
        return False
    since = known.latest.at
    others = sum(
        other is not known and other.answered_at is not None and other.answered_at > since
        for other in standings.values()
    )
    return others >= OTHERS or new.at.astimezone(UTC).date() > since.astimezone(UTC).date()


def _add(known: Standing, new: Attempt, counts: bool) -> None:
    known.n += 1
    known.latest = new
    if not new.revealed:
        known.answered_at = new.at
    if counts:
        known.counted = new
        known.memory = _remembered(known.memory, new)


def _remembered(before: Card | None, new: Attempt) -> Card:
    today = new.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    card = Card(card_id=0, due=today)
    if before:
        card = Card(
            card_id=0,
            state=State.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=before.last_review,
        )
    score = _grade(new)
    rating = Rating.Again if score < PASSED else Rating.Hard if score < 1 else Rating.Good
    return FSRS.review_card(card, rating, today)[0]


def days(learner: str, attempts: Sequence[Any]) -> list[dict[str, Any]]:
    """One row of the table `day` for each day of UTC with attempts, which are in time order.

    `seconds` adds the gaps between attempts of a day that are at most three minutes.
    """
    rows: dict[str, dict[str, Any]] = {}
    for one in attempts:
        new = _day(learner, one)
        if (known := rows.get(new["day"])) is None:
            rows[new["day"]] = new
            continue
        gap = new["last"] - known["last"]
        known["seconds"] += gap if 0 <= gap <= PAUSE_SECONDS else 0.0
        known["last"] = new["last"]
        for name in ("n", *(f"{said}_{of}" for said in CONFIDENCES for of in ("n", "sum"))):
            known[name] += new[name]
    return list(rows.values())


def _day(learner: str, one: Any) -> dict[str, Any]:
    day = one.at.astimezone(UTC).date().isoformat()
    row = {"learner": learner, "day": day, "n": 1, "seconds": 0.0, "last": one.at.timestamp()}
    for name in CONFIDENCES:
        says = one.counted and one.confidence == name and one.score is not None
        row[f"{name}_n"], row[f"{name}_sum"] = int(says), float(one.score or 0.0) if says else 0.0
    return row
