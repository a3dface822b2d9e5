"""What attempts come to: what counts, first-try and eventual scores, what to do next. Pure.

Every page takes its numbers from `score`, and what counts is decided by `after`, for an answer
given here as for one brought in. It knows nothing of databases or pages; now is a parameter.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from quiz.learning import spaced_repetition
from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.spaced_repetition import Memory

# A retry counts once the learner has answered so many other questions since, or on a later day.
OTHERS = 3

Key = tuple[str, str]
Standings = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Score:
    """A topic's or a pack's questions in numbers. A question's grade is 0 to 1, shown is 0."""

    questions: int
    tried: int
    """Those answered or shown: both scores are out of these."""
    shown: int
    """Of these, those that no answer has made up for yet."""
    first: float
    """The sum of the grades of the first submissions ever."""
    eventual: float
    """The sum of the grades of the latest submissions that count."""

    @property
    def answered(self) -> int:
        return self.tried - self.shown

    @property
    def strength(self) -> float | None:
        """The mean of the latest grades that count; None where nothing was tried."""
        return self.eventual / self.tried if self.tried else None


def score(questions: Collection[str], standings: Standings) -> Score:
    """The questions by their ids; what the learner did of any other is left out."""
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
    """What it counts: what was shown counts as not right."""
    return 0.0 if submission.revealed else submission.score or 0.0


def spaced(latest: datetime, others: int, now: datetime) -> bool:
    """Whether a retry would count: `others` were answered since the question's latest submission.

    Days are those of UTC, since the server does not know the learner's.
    """
    return others >= OTHERS or now.astimezone(UTC).date() > latest.astimezone(UTC).date()


def after(standing: Standing | None, new: Attempt, others: int) -> Standing:
    """Where the learner stands with the question after this submission of it."""
    latest = Try(new.id, new.score, new.revealed, new.at)
    given = None if new.revealed else new.at
    if standing is None:
        first = _remembered(None, new)
        return Standing(new.pack, new.question, 1, latest, latest, latest, given, first)
    # Looking at the answer again is no try; but it is the latest time that it was seen.
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
    """What a question's attempts that count, in the order of time, make of it."""
    found = None
    for one in counted:
        found = _remembered(found, one)
    return found


def replay(
    attempts: Iterable[Attempt], void: Collection[str] = ()
) -> tuple[list[Standing], dict[str, bool]]:
    """All of a learner's in the order of time: where that leads, and of each id if it counts.

    A miss among the `void` is as if it had never been sent: runs contradicted its question's key.
    """
    standings: dict[Key, Standing] = {}
    counted: dict[str, bool] = {}
    # When each question was last answered, the latest at the end: few need to be looked at.
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
    """How many other questions were answered since this one's latest submission."""
    key, since = (standing.pack, standing.question), standing.latest.at
    return sum(
        (other.pack, other.question) != key
        and other.answered_at is not None
        and other.answered_at > since
        for other in standings
    )


def missed(questions: Iterable[str], standings: Standings) -> list[Standing]:
    """Those whose latest grade that counts is less than a whole one."""
    tried = (standings[id] for id in questions if id in standings)
    return [standing for standing in tried if grade(standing.counted) < 1]


def would_count(standing: Standing, standings: Iterable[Standing], now: datetime) -> bool:
    """Whether a retry now would count; the standings are all that the learner has."""
    return spaced(standing.latest.at, others_since(standing, standings), now)
