"""What was done on each day, counted for all attempts that are there."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from quiz import days
from quiz.attempt import Attempt
from quiz.tables import Utc

revision = "0008"
down_revision = "0007"

SAID = ("guess", "think", "certain")
# As it is after this step, whatever later ones make of it.
ATTEMPT = sa.table(
    "attempt",
    *map(sa.column, ("id", "learner", "pack", "question", "score", "revealed", "confidence")),
    sa.column("at", Utc),
    sa.column("counted", sa.Boolean),
)


def upgrade() -> None:
    op.create_table(
        "day",
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        *(column for name in SAID for column in _columns(name)),
        sa.PrimaryKeyConstraint("learner", "day", name="pk_day"),
    )
    connection = op.get_bind()
    unread: dict[str, Any] = {"token": "", "kind": "", "answer": None}
    for learner in connection.execute(sa.select(ATTEMPT.c.learner).distinct()).scalars().all():
        own = sa.select(ATTEMPT).where(ATTEMPT.c.learner == learner)
        rows = connection.execute(own.order_by(ATTEMPT.c.at, ATTEMPT.c.id))
        attempts = [Attempt(**row._mapping, **unread) for row in rows]
        days.count_anew(connection, learner, attempts, {a.id: a.counted for a in attempts})


def _columns(name: str) -> list["sa.Column[Any]"]:
    return [
        sa.Column(f"{name}_n", sa.Integer, nullable=False),
        sa.Column(f"{name}_sum", sa.Float, nullable=False),
    ]
