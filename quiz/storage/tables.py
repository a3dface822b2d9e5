"""The tables. A test compares them with what the migrations create."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)

# Newest migration. A database of this version is opened without Alembic, whose import is slow.
HEAD = "0011"
# Alembic's own table, in its own metadata, because Alembic leaves it out of comparisons.
alembic_version = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)


class Utc(TypeDecorator[datetime]):
    """Aware times in UTC, also where the database stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=value.tzinfo or UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", String, primary_key=True),
    Column("demo", String, nullable=False),
    Column("variant", String, nullable=False),
    Column("environment", String, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("status", String, nullable=False),
    Column("learner", String),
    # Distinguishes the runs that one learner may have at the same time.
    Column("slot", String, nullable=False, server_default=""),
    Column("created", Utc, nullable=False),
    Column("ended", Utc),
    Column("memory_mb", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    # An attempt or a dispute shows it: its record is never evicted.
    Column("kept", Boolean, nullable=False, default=False),
    # Its record was deleted. The row stays, so that "gone" differs from "never existed".
    Column("evicted", Boolean, nullable=False, default=False),
    Index(None, "status", "created"),
    Index(None, "evicted", "kept", "ended"),
)

# In its own table, because it is large and rarely read.
record = Table(
    "record",
    metadata,
    Column("run", String, ForeignKey("run.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", String, primary_key=True),
    Column("learner", String, nullable=False),
    Column("token", String, nullable=False),
    Column("pack", String, nullable=False),
    Column("question", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("score", Float),
    Column("revealed", Boolean, nullable=False),
    Column("run", String, ForeignKey("run.id")),
    Column("at", Utc, nullable=False),
    # Whether it counts for the eventual score. Otherwise it was practice.
    Column("counted", Boolean, nullable=False, server_default=true()),
    Column("confidence", String),
    Column("hinted", Boolean, nullable=False, server_default=false()),
    Column("correction", String),
    # The numbers of the question variant; null for the question's own numbers.
    Column("drawn", JSON(none_as_null=True)),
    UniqueConstraint("learner", "token"),
    Index(None, "learner", "pack", "question", "at", "id"),
    Index(None, "learner", "at", "id"),
    Index(None, "pack", "question", "at"),
    Index(None, "run"),
)

# What a learner's attempts at a question come to, updated with every attempt, so that a page reads
# one short row however many attempts there are.
standing = Table(
    "standing",
    metadata,
    Column("learner", String, primary_key=True),
    Column("pack", String, primary_key=True),
    Column("question", String, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("first_attempt", String, nullable=False),
    Column("first_score", Float),
    Column("first_revealed", Boolean, nullable=False),
    Column("first_at", Utc, nullable=False),
    Column("latest_attempt", String, nullable=False),
    Column("latest_score", Float),
    Column("latest_revealed", Boolean, nullable=False),
    Column("latest_at", Utc, nullable=False),
    Column("counted_attempt", String, nullable=False),
    Column("counted_score", Float),
    Column("counted_revealed", Boolean, nullable=False),
    Column("counted_at", Utc, nullable=False),
    Column("answered_at", Utc),
    # FSRS's memory after the attempts that count.
    Column("stability", Float),
    Column("difficulty", Float),
    Column("reviewed", Utc),
    Column("due", Utc),
)

# Daily activity in UTC, updated with every attempt: attempts, seconds between them, and per
# confidence how often it was said and the sum of the grades. `last` is a Unix time.
day = Table(
    "day",
    metadata,
    Column("learner", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("guess_n", Integer, nullable=False),
    Column("guess_sum", Float, nullable=False),
    Column("think_n", Integer, nullable=False),
    Column("think_sum", Float, nullable=False),
    Column("certain_n", Integer, nullable=False),
    Column("certain_sum", Float, nullable=False),
)

# How learners rated their own answers to a topic's interview question. Only the latest is stored.
# It is no attempt, because nothing graded it.
rehearsal = Table(
    "rehearsal",
    metadata,
    Column("learner", String, primary_key=True),
    Column("pack", String, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("mark", String, nullable=False),
    Column("at", Utc, nullable=False),
)

# A classroom poll: the time from which answers count, and the classroom's one run.
round = Table(
    "round",
    metadata,
    Column("pack", String, primary_key=True),
    Column("question", String, primary_key=True),
    Column("began", Utc, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("run", String, ForeignKey("run.id")),
)

# Two runs that contradict the answer key of an attempt's question.
dispute = Table(
    "dispute",
    metadata,
    Column("attempt", String, ForeignKey("attempt.id"), primary_key=True),
    Column("first_run", String, ForeignKey("run.id"), nullable=False),
    Column("second_run", String, ForeignKey("run.id"), nullable=False),
    Index(None, "first_run"),
    Index(None, "second_run"),
)

# A mixed set of questions without feedback. Its answers become attempts when it ends.
mock_interview = Table(
    "mock_interview",
    metadata,
    Column("id", String, primary_key=True),
    Column("learner", String, nullable=False),
    Column("token", String, nullable=False),
    Column("items", JSON, nullable=False),
    Column("begun", Utc, nullable=False),
    Column("seconds", Integer),
    Column("extended", Integer, nullable=False),
    Column("ended", Utc),
    UniqueConstraint("learner", "token"),
    Index(None, "learner", "begun"),
)

mock_answer = Table(
    "mock_answer",
    metadata,
    Column("interview", String, ForeignKey("mock_interview.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("form", JSON, nullable=False),
    Column("because", String, nullable=False),
    Column("confidence", String),
    Column("at", Utc, nullable=False),
)
# At most one interview per learner is open. The database guarantees it.
Index(
    "uq_mock_interview_learner_open",
    mock_interview.c.learner,
    unique=True,
    sqlite_where=mock_interview.c.ended.is_(None),
    postgresql_where=mock_interview.c.ended.is_(None),
)
