"""Table of daily activity, filled from all stored attempts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from quiz.storage.migrations.frozen import CONFIDENCES, Utc, days

revision = "0008"
down_revision = "0007"

# The columns as of this migration.
ATTEMPT = sa.table(
    "attempt",
    *map(sa.column, ("id", "learner", "score", "confidence")),
    sa.column("at", Utc),
    sa.column("counted", sa.Boolean),
)


def upgrade() -> None:
    day = op.create_table(
        "day",
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        *(column for name in CONFIDENCES for column in _columns(name)),
        sa.PrimaryKeyConstraint("learner", "day", name="pk_day"),
    )
    connection = op.get_bind()
    for learner in connection.execute(sa.select(ATTEMPT.c.learner).distinct()).scalars().all():
        own = sa.select(ATTEMPT).where(ATTEMPT.c.learner == learner)
        rows = connection.execute(own.order_by(ATTEMPT.c.at, ATTEMPT.c.id)).all()
        connection.execute(sa.insert(day), days(learner, rows))


def _columns(name: str) -> list["sa.Column[Any]"]:
    return [
        sa.Column(f"{name}_n", sa.Integer, nullable=False),
        sa.Column(f"{name}_sum", sa.Float, nullable=False),
    ]
