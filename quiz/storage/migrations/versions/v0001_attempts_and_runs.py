"""Tables of attempts, standings, runs and records."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("demo", sa.String, nullable=False),
        sa.Column("variant", sa.String, nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("learner", sa.String),
        sa.Column("group", sa.String),
        sa.Column("created", TIME, nullable=False),
        sa.Column("started", TIME),
        sa.Column("ended", TIME),
        sa.Column("memory_mb", sa.Float, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("evicted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_status_created", "run", ["status", "created"])
    op.create_index("ix_run_evicted_kept_ended", "run", ["evicted", "kept", "ended"])
    op.create_table(
        "record",
        sa.Column("run", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_record"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_record_run_run"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("answer", sa.JSON),
        sa.Column("score", sa.Float),
        sa.Column("revealed", sa.Boolean, nullable=False),
        sa.Column("run", sa.String),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_attempt_run_run"),
        sa.UniqueConstraint("learner", "token", name="uq_attempt_learner_token"),
    )
    op.create_index(
        "ix_attempt_learner_pack_question_at_id",
        "attempt",
        ["learner", "pack", "question", "at", "id"],
    )
    op.create_index("ix_attempt_learner_at_id", "attempt", ["learner", "at", "id"])
    op.create_index("ix_attempt_run", "attempt", ["run"])
    op.create_table(
        "standing",
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("first_attempt", sa.String, nullable=False),
        sa.Column("first_score", sa.Float),
        sa.Column("first_revealed", sa.Boolean, nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("latest_attempt", sa.String, nullable=False),
        sa.Column("latest_score", sa.Float),
        sa.Column("latest_revealed", sa.Boolean, nullable=False),
        sa.Column("latest_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("learner", "pack", "question", name="pk_standing"),
    )
