"""Daily activity of a learner, updated with every attempt, so that a page reads one row per day.

A day is one of UTC. The time spent is that between answers of the same day. A gap of more than
three minutes is a pause and does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from quiz.learning.attempt import CONFIDENCES, Attempt
from quiz.learning.spaced_repetition import Calibrated
from quiz.storage.database import Database
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
# SQLite and PostgreSQL share this form of an upsert.
_ADD = text(
    f"INSERT INTO day ({', '.join(_NAMES)}) VALUES ({', '.join(f':{name}' for name in _NAMES)})"
    " ON CONFLICT (learner, day) DO UPDATE SET n = day.n + 1,"
    " seconds = day.seconds + CASE WHEN excluded.last - day.last BETWEEN 0"
    f" AND {PAUSE_SECONDS} THEN excluded.last - day.last ELSE 0 END,"
    f" last = excluded.last, {_COUNTS}, {_SUMS}"
)


@dataclass(frozen=True, slots=True)
class Day:
    """What a learner did on one day."""

    day: str
    """ISO date, UTC."""
    n: int
    """Attempts."""
    seconds: float
    """Between them, without pauses."""
    said: tuple[tuple[int, float], ...]
    """Per confidence, in the order of SAID: how often it was said, and the sum of the grades."""


class Activity:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, learner: str) -> list[Day]:
        """Oldest first; days without an attempt are left out."""
        return [read(row) for row in await self._database.all(OF_LEARNER, learner=learner)]


def read(row: Sequence[Any]) -> Day:
    _, name, n, seconds, _, *said = row
    return Day(name, n, seconds, tuple(zip(said[::2], said[1::2], strict=True)))


def add(connection: Connection, new: Attempt) -> None:
    connection.execute(_ADD, _row(new, new.counted))


def summed(attempts: Iterable[Attempt], counted: Mapping[str, bool]) -> list[dict[str, Any]]:
    """The rows that all of a learner's attempts make, given in the order of time."""
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
    return list(rows.values())


def replace_all(connection: Connection, learner: str, rows: list[dict[str, Any]]) -> None:
    erase(connection, learner)
    if rows:
        connection.execute(insert(day), rows)


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(day).where(day.c.learner == learner))


def calibration(days: Iterable[Day]) -> list[Calibrated]:
    """The mean grade per confidence; those never said are left out."""
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
    """Practice takes time, but its grade says nothing about the confidence."""
    row: dict[str, Any] = {"learner": new.learner, "day": of(new.at), "n": 1, "seconds": 0.0}
    row["last"] = new.at.timestamp()
    for name in SAID:
        says = counts and new.confidence == name and new.score is not None
        row[f"{name}_n"], row[f"{name}_sum"] = int(says), float(new.score or 0.0) if says else 0.0
    return row
