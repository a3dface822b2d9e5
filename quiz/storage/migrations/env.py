"""Alembic's environment: migrations run in the transaction of the connection from upgrade.py."""

from alembic import context

from quiz.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
