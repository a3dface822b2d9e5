"""Alembic brings a database to the newest tables. Imported only if one is not: that takes long."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from quiz.storage.errors import FOLDER, StorageError


def config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(connection: Connection, path: Path) -> None:
    """In the connection's transaction, so all or nothing. Raises StorageError."""
    steps = config()
    known = {script.revision for script in ScriptDirectory.from_config(steps).walk_revisions()}
    version = MigrationContext.configure(connection).get_current_revision()
    if version is None and inspect(connection).get_table_names():
        raise StorageError(f"{path} is the database of another program. Choose another {FOLDER}.")
    if version is not None and version not in known:
        raise StorageError(
            f"{path} was written by a newer After Response (its tables are at {version})."
            f" Install that one, or choose another {FOLDER}."
        )
    steps.attributes["connection"] = connection
    command.upgrade(steps, "head")
