"""Scores of attempts: which attempts count, and the first-try and eventual scores.

All pages take their numbers from `score`. `after` decides which attempts count, for new answers and
for imported ones. Knows no database, no page and no clock.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from quiz.learning import spaced_repetition
from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.spaced_repetition import Memory

# A retry counts after this many answers to other questions, or on a later day.
OTHERS = 3

Key = tuple[str, str]
Standings = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Score:
    """The scores of a topic or a pack. A grade is 0 to 1; a shown answer is 0."""

    questions: int
    tried: int
    """Questions that were answered or shown. Both scores are out of these."""
    shown: int
    """Questions that were shown and not answered since."""
    first: float
    """The sum of the grades of the first submissions."""
    eventual: float
    """The sum of the grades of the latest submissions that count."""

    @property
    def answered(self) -> int:
        return self.tried - self.shown

    @property
    def strength(self) -> float | None:
        """The mean of the latest grades that count; None if nothing was tried."""
        return self.eventual / self.tried if self.tried else None


def score(questions: Collection[str], standings: Standings) -> Score:
    """The score of the questions with these ids."""
    tried = [standings[id] for id in questions if id in standings]
    return Score(
        questions=len(questions),
        tried=len(tried),
        shown=sum(standing.counted.revealed for standing in tried),
        first=sum(grade(standing.first) for standing in tried),
        eventual=sum(grade(standing.counted) for standing in tried),
    )


def by_pack(standings: Iterable[Standing]) -> dict[str, dict[str, Standing]]:
    """Standings by pack slug, then by question id."""
    packs: dict[str, dict[str, Standing]] = {}
    for standing in standings:
        packs.setdefault(standing.pack, {})[standing.question] = standing
    return packs


def grade(submission: Try | Attempt) -> float:
    """The grade of a submission, 0 to 1. A shown answer counts 0."""
    return 0.0 if submission.revealed else submission.score or 0.0


def spaced(latest: datetime, others: int, now: datetime) -> bool:
    """Whether a retry would count after answers to this number of `others`.

    Days are UTC days, because the server does not know the learner's time zone.
    """
    return others >= OTHERS or now.astimezone(UTC).date() > latest.astimezone(UTC).date()


def after(standing: Standing | None, new: Attempt, others: int) -> Standing:
    """The standing after a submission."""
    latest = Try(new.id, new.score, new.revealed, new.at)
    given = None if new.revealed else new.at
    if standing is None:
        first = _remembered(None, new)
        return Standing(new.pack, new.question, 1, latest, latest, latest, given, first)
    # Showing the answer again does not count, but it is the latest submission.
    counts = not new.revealed and spaced(standing.latest.at, others, new.at)
    return Standing(
        pack=standing.pack,
        question=standing.question,
        n=standing.n + 1,
        first=standing.first,
        latest=latest,
        counted=latest if counts else standing.counted,
        answered_at=given or standing.answered_at,
        memory=_remembered(standing.memory, new) if counts else standing.memory,
    )


def _remembered(before: Memory | None, new: Attempt) -> Memory:
    return spaced_repetition.after(
        before,
        None if new.revealed else new.score,
        new.at,
        confidence=new.confidence,
        hinted=new.hinted,
        correction=new.correction,
    )


def remembered(counted: Iterable[Attempt]) -> Memory | None:
    """The state of spaced repetition after these attempts, sorted by time."""
    found = None
    for one in counted:
        found = _remembered(found, one)
    return found


def replay(
    attempts: Iterable[Attempt], void: Collection[str] = ()
) -> tuple[list[Standing], dict[str, bool]]:
    """The standings after all attempts of a learner, and whether each attempt counts.

    Attempts are sorted by time. A wrong answer in `void` is ignored, because runs contradicted the
    question's key.
    """
    standings: dict[Key, Standing] = {}
    counted: dict[str, bool] = {}
    # When each question was last answered, sorted by time.
    answered: dict[Key, datetime] = {}
    for new in attempts:
        if new.id in void and grade(new) < 1:
            counted[new.id] = False
            continue
        key = (new.pack, new.question)
        before = standings.get(key)
        others = _others(answered, key, before.latest.at) if before else 0
        standings[key] = now = after(before, new, others)
        counted[new.id] = now.counted.attempt == new.id
        if not new.revealed:
            answered.pop(key, None)
            answered[key] = new.at
    return list(standings.values()), counted


def _others(answered: dict[Key, datetime], key: Key, since: datetime) -> int:
    others = 0
    for other, at in reversed(answered.items()):
        if at <= since or others == OTHERS:
            break
        others += other != key
    return others


def others_since(standing: Standing, standings: Iterable[Standing]) -> int:
    """The number of other questions that were answered since the latest submission."""
    key, since = (standing.pack, standing.question), standing.latest.at
    return sum(
        (other.pack, other.question) != key
        and other.answered_at is not None
        and other.answered_at > since
        for other in standings
    )


def missed(questions: Iterable[str], standings: Standings) -> list[Standing]:
    """The standings whose latest grade that counts is below 1."""
    tried = (standings[id] for id in questions if id in standings)
    return [standing for standing in tried if grade(standing.counted) < 1]


def would_count(standing: Standing, standings: Iterable[Standing], now: datetime) -> bool:
    """Whether a retry now would count. `standings` are all standings of the learner."""
    return spaced(standing.latest.at, others_since(standing, standings), now)
