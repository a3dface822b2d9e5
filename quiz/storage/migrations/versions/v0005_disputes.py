"""Table of disputes: two runs that contradict an answer key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "dispute",
        sa.Column("attempt", sa.String, nullable=False),
        sa.Column("first_run", sa.String, nullable=False),
        sa.Column("second_run", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("attempt", name="pk_dispute"),
        sa.ForeignKeyConstraint(["attempt"], ["attempt.id"], name="fk_dispute_attempt_attempt"),
        sa.ForeignKeyConstraint(["first_run"], ["run.id"], name="fk_dispute_first_run_run"),
        sa.ForeignKeyConstraint(["second_run"], ["run.id"], name="fk_dispute_second_run_run"),
    )
    op.create_index("ix_dispute_first_run", "dispute", ["first_run"])
    op.create_index("ix_dispute_second_run", "dispute", ["second_run"])
