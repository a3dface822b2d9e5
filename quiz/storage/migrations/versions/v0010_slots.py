"""Column for a run's slot. Before, the slot followed the learner's hash in one string.

Erasing matched the hash alone, so the strings of learners who had erased everything kept it.
If nothing else of a learner is stored, the learner has erased everything: the hash is removed.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

RUN = sa.table("run", *map(sa.column, ("id", "learner", "slot")))
OTHERS = [
    sa.table(name, sa.column("learner")) for name in ("attempt", "rehearsal", "mock_interview")
]


def upgrade() -> None:
    op.add_column("run", sa.Column("slot", sa.String, nullable=False, server_default=""))
    connection = op.get_bind()
    joined = sa.select(RUN.c.id, RUN.c.learner).where(RUN.c.learner.contains(" "))
    known = _known(connection)
    changed = [
        {"of": id, **_split(learner, known)} for id, learner in connection.execute(joined).all()
    ]
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("learner", "slot")}
    if changed:
        statement = sa.update(RUN).where(RUN.c.id == sa.bindparam("of")).values(values)
        connection.execute(statement, changed)


def _known(connection: sa.Connection) -> set[str]:
    """All learners of whom something besides such runs is stored."""
    plain = sa.select(RUN.c.learner).where(RUN.c.learner.is_not(None), ~RUN.c.learner.contains(" "))
    found = set(connection.execute(plain).scalars())
    for table in OTHERS:
        found |= set(connection.execute(sa.select(table.c.learner).distinct()).scalars())
    return found


def _split(joined: str, known: set[str]) -> dict[str, str | None]:
    learner, _, place = joined.partition(" ")
    if learner == "room":
        return {"new_learner": None, "new_slot": joined}
    if learner not in known:
        return {"new_learner": None, "new_slot": ""}
    return {"new_learner": learner, "new_slot": place}
