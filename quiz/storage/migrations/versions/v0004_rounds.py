"""Table of classroom polls, and the index by which a poll finds its attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("run", sa.String),
        sa.PrimaryKeyConstraint("pack", "question", name="pk_round"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_round_run_run"),
    )
    op.create_index("ix_attempt_pack_question_at", "attempt", ["pack", "question", "at"])
