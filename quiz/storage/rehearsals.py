"""A rehearsal: an interview question answered aloud, and how its learner found it. Never a score.

Its SQL stands here, over a connection that storage hands in; what a topic is it knows not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, bindparam, delete, insert, select

from quiz.storage.tables import rehearsal

Mark = Literal["said", "partly", "no"]
MARKS: tuple[Mark, ...] = get_args(Mark)

ALL = (
    select(rehearsal)
    .where(rehearsal.c.learner == bindparam("learner"))
    .order_by(rehearsal.c.pack, rehearsal.c.topic)
)
OF_PACK = ALL.where(rehearsal.c.pack == bindparam("pack"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    learner: str
    pack: str
    topic: str
    mark: Mark
    at: datetime


def put(connection: Connection, new: Rehearsal) -> None:
    """In place of what the learner said of this topic before."""
    same = (rehearsal.c.learner == new.learner, rehearsal.c.pack == new.pack)
    connection.execute(delete(rehearsal).where(*same, rehearsal.c.topic == new.topic))
    connection.execute(insert(rehearsal), asdict(new))


def merge(connection: Connection, learner: str, rows: Sequence[Rehearsal]) -> int:
    """Of each topic the newest, be it here already or brought; how many topics got another."""
    here = connection.execute(ALL, {"learner": learner}).all()
    known = {(row.pack, row.topic): row.at for row in here}
    newest = {(row.pack, row.topic): row for row in sorted(rows, key=lambda row: row.at)}
    new = [row for key, row in newest.items() if key not in known or known[key] < row.at]
    for row in new:
        put(connection, replace(row, learner=learner))
    return len(new)


def erase(connection: Connection, learner: str) -> None:
    connection.execute(delete(rehearsal).where(rehearsal.c.learner == learner))
