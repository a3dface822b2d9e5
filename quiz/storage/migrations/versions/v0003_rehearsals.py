"""Table of rehearsals: learners' ratings of their answers to interview questions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "rehearsal",
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("mark", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("learner", "pack", "topic", name="pk_rehearsal"),
    )
