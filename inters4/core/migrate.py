"""Migrations, run through Alembic from inside the program: no ini file to find."""

from functools import cache

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from inters4.core.db import Model, engine
from inters4.core.paths import migrations_dir


def configuration() -> Config:
    """Alembic's configuration, for our own scripts."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    return config


@cache
def head() -> str:
    """The newest revision that ships."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    return found or ""


def upgrade() -> bool:
    """Bring the bound database to the newest revision; True when something changed."""
    config = configuration()
    with engine().connect() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if before == head():
            return False
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return True


def write_revision(message: str) -> None:
    """For maintainers: write the script that brings the database to the present models."""
    config = configuration()
    with engine().connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def is_current(session: Session) -> bool:
    """True when the database is at the newest revision."""
    context = MigrationContext.configure(session.connection())
    return context.get_current_revision() == head()


def differences(connection: Connection) -> list[object]:
    """What the models say that the database does not; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Model.metadata))
