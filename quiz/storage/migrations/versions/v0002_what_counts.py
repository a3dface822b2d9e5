"""Column that says whether an attempt counts, filled for all stored attempts."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from alembic import op

from quiz.storage.migrations.frozen import Attempt, Standing, Utc, replay

revision = "0002"
down_revision = "0001"

TRIES = ("first", "latest", "counted")
# The columns as of this migration.
ATTEMPT = sa.table(
    "attempt",
    *map(sa.column, ("id", "learner", "pack", "question", "score")),
    sa.column("revealed", sa.Boolean),
    sa.column("at", Utc),
    sa.column("counted", sa.Boolean),
)
STANDING = sa.table(
    "standing",
    *map(sa.column, ("learner", "pack", "question", "n")),
    *(sa.column(f"{name}_{of}") for name in TRIES for of in ("attempt", "score", "revealed")),
    *(sa.column(f"{name}_at", Utc) for name in (*TRIES, "answered")),
)


def upgrade() -> None:
    counts = sa.Column("counted", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("attempt", counts)
    # The attempts contain everything that the old table said.
    op.drop_table("standing")
    op.create_table(
        "standing",
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        *(column for name in TRIES for column in _columns(name)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("learner", "pack", "question", name="pk_standing"),
    )
    learners = op.get_bind().execute(sa.select(ATTEMPT.c.learner).distinct()).scalars().all()
    for learner in learners:
        _count(op.get_bind(), learner)


def _columns(name: str) -> list["sa.Column[Any]"]:
    return [
        sa.Column(f"{name}_attempt", sa.String, nullable=False),
        sa.Column(f"{name}_score", sa.Float),
        sa.Column(f"{name}_revealed", sa.Boolean, nullable=False),
        sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _count(connection: sa.Connection, learner: str) -> None:
    read = (ATTEMPT.c[field.name] for field in fields(Attempt))
    own = sa.select(*read).where(ATTEMPT.c.learner == learner)
    rows = connection.execute(own.order_by(ATTEMPT.c.at, ATTEMPT.c.id))
    standings, counted = replay(Attempt(**row._mapping) for row in rows)
    connection.execute(sa.insert(STANDING), [_row(learner, one) for one in standings])
    practice = [{"of": id} for id, counts in counted.items() if not counts]
    if practice:
        same = ATTEMPT.c.id == sa.bindparam("of")
        connection.execute(sa.update(ATTEMPT).where(same).values(counted=False), practice)


def _row(learner: str, of: Standing) -> dict[str, Any]:
    row = {"learner": learner, "pack": of.pack, "question": of.question, "n": of.n}
    for name, one in zip(TRIES, (of.first, of.latest, of.counted), strict=True):
        row[f"{name}_attempt"], row[f"{name}_score"] = one.id, one.score
        row[f"{name}_revealed"], row[f"{name}_at"] = one.revealed, one.at
    return row | {"answered_at": of.answered_at}
