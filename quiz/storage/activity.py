"""What a learner did on each day, counted as it happens, so that a page reads a row a day.

Its SQL stands here, over a connection that storage hands in. A day is one of UTC. The time spent is
that from one answer to the next within a day; a longer gap than a few minutes was a pause.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from quiz.learning.attempt import CONFIDENCES, Attempt
from quiz.learning.spaced_repetition import Calibrated
from quiz.storage.tables import day

PAUSE_SECONDS = 180.0
SAID = tuple(CONFIDENCES)

OF_LEARNER = select(day).where(day.c.learner == bindparam("learner")).order_by(day.c.day)
_COUNTS = ", ".join(f"{name}_n = day.{name}_n + excluded.{name}_n" for name in SAID)
_SUMS = ", ".join(f"{name}_sum = day.{name}_sum + excluded.{name}_sum" for name in SAID)
_NAMES = (
    "learner",
    "day",
    "n",
    "seconds",
    "last",
    *(f"{n}_{of}" for n in SAID for of in ("n", "sum")),
)
# Both databases know it by this form; one statement for all that a commit stores.
_ADD = text(
    f"INSERT INTO day ({', '.join(_NAMES)}) VALUES ({', '.join(f':{name}' for name in _NAMES)})"
    " ON CONFLICT (learner, day) DO UPDATE SET n = day.n + 1,"
    " seconds = day.seconds + CASE WHEN excluded.last - day.last BETWEEN 0"
    f" AND {PAUSE_SECONDS} THEN excluded.last - day.last ELSE 0 END,"
    f" last = excluded.last, {_COUNTS}, {_SUMS}"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A learner's submissions of a day, the seconds between them, and what each confidence was
    worth: how often it was said, and the sum of the grades."""

    day: str
    n: int
    seconds: float
    said: tuple[tuple[int, float], ...]


def read(row: Sequence[Any]) -> Day:
    _, name, n, seconds, _, *said = row
    return Day(name, n, seconds, tuple(zip(said[::2], said[1::2], strict=True)))


def add(connection: Connection, new: Iterable[Attempt]) -> None:
    if rows := [_row(one, one.counted) for one in new]:
        connection.execute(_ADD, rows)


def count_anew(
    connection: Connection, learner: str, attempts: Iterable[Attempt], counted: Mapping[str, bool]
) -> None:
    """From all of a learner's, in the order of time, and which of them count."""
    erase(connection, learner)
    rows: dict[str, dict[str, Any]] = {}
    for one in attempts:
        new = _row(one, counted[one.id])
        if (known := rows.get(new["day"])) is None:
            rows[new["day"]] = new
            continue
        gap = new["last"] - known["last"]
        known["seconds"] += gap if 0 <= gap <= PAUSE_SECONDS else 0.0
        known["last"] = new["last"]
        for name in ("n", *(f"{n}_{of}" for n in SAID for of in ("n", "sum"))):
            known[name] += new[name]
    if rows:
        connection.execute(insert(day), list(rows.values()))


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(day).where(day.c.learner == learner))


def calibration(days: Iterable[Day]) -> list[Calibrated]:
    """What each confidence has been worth, those never said left out."""
    all_days = list(days)
    found = []
    for place, name in enumerate(SAID):
        n = sum(one.said[place][0] for one in all_days)
        if n:
            total = sum(one.said[place][1] for one in all_days)
            found.append(Calibrated(name, n, total / n))
    return found


def of(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _row(new: Attempt, counts: bool) -> dict[str, Any]:
    """Practice is time spent, but says nothing of what being sure is worth."""
    row: dict[str, Any] = {"learner": new.learner, "day": of(new.at), "n": 1, "seconds": 0.0}
    row["last"] = new.at.timestamp()
    for name in SAID:
        says = counts and new.confidence == name and new.score is not None
        row[f"{name}_n"], row[f"{name}_sum"] = int(says), float(new.score or 0.0) if says else 0.0
    return row
