"""Columns for the confidence and the due date, filled for all stored attempts."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from alembic import op

from quiz.storage.migrations.frozen import Attempt, Standing, Utc, replay

revision = "0007"
down_revision = "0006"

# The columns as of this migration.
ATTEMPT = sa.table(
    "attempt",
    *map(sa.column, ("id", "learner", "pack", "question", "score")),
    sa.column("revealed", sa.Boolean),
    sa.column("at", Utc),
)
DISPUTE = sa.table("dispute", sa.column("attempt"))
STANDING = sa.table(
    "standing",
    *map(sa.column, ("learner", "pack", "question", "stability", "difficulty")),
    *(sa.column(name, Utc) for name in ("reviewed", "due")),
)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("confidence", sa.String))
    hinted = sa.Column("hinted", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("attempt", hinted)
    op.add_column("attempt", sa.Column("correction", sa.String))
    for name in ("stability", "difficulty"):
        op.add_column("standing", sa.Column(name, sa.Float))
    for name in ("reviewed", "due"):
        op.add_column("standing", sa.Column(name, sa.DateTime(timezone=True)))
    connection = op.get_bind()
    void = set(connection.execute(sa.select(DISPUTE.c.attempt)).scalars())
    for learner in connection.execute(sa.select(ATTEMPT.c.learner).distinct()).scalars().all():
        _remember(connection, learner, void)


def _remember(connection: sa.Connection, learner: str, void: set[str]) -> None:
    read = (ATTEMPT.c[field.name] for field in fields(Attempt))
    own = sa.select(*read).where(ATTEMPT.c.learner == learner)
    rows = connection.execute(own.order_by(ATTEMPT.c.at, ATTEMPT.c.id))
    standings, _ = replay((Attempt(**row._mapping) for row in rows), void)
    key = ("learner", "pack", "question")
    same = (STANDING.c[name] == sa.bindparam(f"of_{name}") for name in key)
    names = ("stability", "difficulty", "reviewed", "due")
    change = sa.update(STANDING).where(*same)
    if changed := [_row(learner, one) for one in standings]:
        connection.execute(change.values({n: sa.bindparam(n) for n in names}), changed)


def _row(learner: str, of: Standing) -> dict[str, Any]:
    return {
        "of_learner": learner,
        "of_pack": of.pack,
        "of_question": of.question,
        "stability": of.memory.stability,
        "difficulty": of.memory.difficulty,
        "reviewed": of.memory.last_review,
        "due": of.memory.due,
    }
