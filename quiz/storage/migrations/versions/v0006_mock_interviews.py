"""Tables of mock interviews and of the answers sent in them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "mock_interview",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("learner", sa.String, nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer),
        sa.Column("extended", sa.Integer, nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_mock_interview"),
        sa.UniqueConstraint("learner", "token", name="uq_mock_interview_learner_token"),
    )
    op.create_index("ix_mock_interview_learner_begun", "mock_interview", ["learner", "begun"])
    op.create_index(
        "uq_mock_interview_learner_open",
        "mock_interview",
        ["learner"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "mock_answer",
        sa.Column("interview", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("form", sa.JSON, nullable=False),
        sa.Column("because", sa.String, nullable=False),
        sa.Column("confidence", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("interview", "place", name="pk_mock_answer"),
        sa.ForeignKeyConstraint(
            ["interview"], ["mock_interview.id"], name="fk_mock_answer_interview_mock_interview"
        ),
    )
