"""The reviews that are due today, their order and duration, and a backlog spread over days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median

from quiz.learning.attempt import Attempt, Standing
from quiz.learning.spaced_repetition import DAY, is_due

# The reviews per day that a learner is asked for. A learner may take more.
DAILY = 20
# A longer gap between two answers is a pause.
PAUSE = timedelta(minutes=3)
SECONDS_EACH = 40.0


@dataclass(frozen=True, slots=True)
class Due:
    """A question that is due. `concept` and `pattern` tell which questions look alike."""

    standing: Standing
    concept: str | None
    pattern: str | None

    @property
    def since(self) -> datetime:
        assert self.standing.memory
        return self.standing.memory.due


def is_due_now(standing: Standing, now: datetime) -> bool:
    return standing.memory is not None and is_due(standing.memory, now)


def in_order(due: Sequence[Due]) -> list[Due]:
    """The longest overdue first. Within a day, similar questions of different tools alternate."""
    found: list[Due] = []
    for _, day in groupby(sorted(due, key=lambda one: one.since), key=lambda one: one.since):
        found += _mixed(sorted(day, key=_alike))
    return found


def _alike(one: Due) -> tuple[str, str, str]:
    return one.concept or "", one.pattern or "", one.standing.question


def _mixed(left: list[Due]) -> list[Due]:
    """Learners tell similar questions apart better when these follow each other."""
    found = left[:1]
    left = left[1:]
    while left:
        last = found[-1]
        best = max(left, key=lambda one: (one.pattern != last.pattern, one.concept == last.concept))
        left.remove(best)
        found.append(best)
    return found


def reviewed_today(standings: Sequence[Standing], now: datetime) -> int:
    """How many questions were reviewed today, without those that were new today."""
    today = now.astimezone(UTC).date()
    return sum(
        one.counted.at.astimezone(UTC).date() == today > one.first.at.astimezone(UTC).date()
        for one in standings
    )


def spread(
    due: Sequence[Due], standings: Sequence[Standing], now: datetime, daily: int
) -> list[Standing]:
    """The reviews that exceed today's number, moved to the next days that have room.

    `standings` are all standings of the learner, whose later reviews take up room.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    later = [one.memory.due for one in standings if one.memory and not is_due(one.memory, now)]
    booked = Counter((at - today) // DAY for at in later)
    moved, day = [], 1
    for one in in_order(due)[max(0, daily - reviewed_today(standings, now)) :]:
        while booked[day] >= daily:
            day += 1
        booked[day] += 1
        moved.append(_on(one.standing, today + day * DAY))
    return moved


def _on(of: Standing, day: datetime) -> Standing:
    assert of.memory
    return replace(of, memory=replace(of.memory, due=day))


def pace(attempts: Sequence[Attempt]) -> float:
    """The median seconds between answers, without pauses. Attempts are sorted newest first."""
    times = [attempt.at for attempt in attempts]
    gaps = [later - earlier for later, earlier in zip(times, times[1:], strict=False)]
    short = [gap.total_seconds() for gap in gaps if timedelta() < gap <= PAUSE]
    return median(short) if len(short) >= 3 else SECONDS_EACH
