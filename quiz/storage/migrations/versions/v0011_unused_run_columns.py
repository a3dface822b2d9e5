"""Columns of `run` that no version wrote, and the status "running", which no version stored.

A row that says "running" all the same counts as queued: the next server marks it failed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

RUN = sa.table("run", sa.column("status"))


def upgrade() -> None:
    for column in ("group", "started"):
        op.drop_column("run", column)
    op.get_bind().execute(sa.update(RUN).where(RUN.c.status == "running").values(status="queued"))
