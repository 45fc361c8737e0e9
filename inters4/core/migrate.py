"""Migrations, run through Alembic from inside the program: no ini file to find.

Alembic is slow to import and a process that only serves pages has no use for it: it is imported
by the functions that change something, and the question « is this database current? » is answered
from the version table and the names of our scripts.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from inters4.core.db import Model, create_file, engine
from inters4.core.paths import migrations_dir
from inters4.core.turns import Turn, wait_for_turn

if TYPE_CHECKING:
    from alembic.config import Config

_REVISION = re.compile(r'^(down_revision|revision) = (?:"(\w+)"|None)$', re.MULTILINE)


@cache
def head() -> str:
    """The newest revision that ships: the one that no other follows.

    Raises:
        ValueError: two scripts follow the same one, or there is none.
    """
    revisions: set[str] = set()
    followed: set[str] = set()
    for script in (migrations_dir() / "versions").glob("*.py"):
        for name, revision in _REVISION.findall(script.read_text(encoding="utf-8")):
            (revisions if name == "revision" else followed).add(revision)
    (newest,) = revisions - followed
    return newest


@cache
def known_revisions() -> frozenset[str]:
    """Every revision that ships: a database at another one was made by a newer portal."""
    found: set[str] = set()
    for script in (migrations_dir() / "versions").glob("*.py"):
        text_of = script.read_text(encoding="utf-8")
        found.update(
            revision for name, revision in _REVISION.findall(text_of) if name == "revision"
        )
    return frozenset(found)


def upgrade() -> bool:
    """Bring the bound database to the newest revision; True when something changed."""
    from alembic import command  # noqa: PLC0415

    create_file()
    with engine().connect() as connection:
        if _revision(connection) == head():
            return False
        connection.rollback()
        with connection.begin():
            wait_for_turn(connection, Turn.MIGRATION)
            if _revision(connection) == head():
                return False  # another process did it meanwhile
            command.upgrade(_configuration(connection), "head")
    return True


def write_revision(message: str) -> None:
    """For maintainers: write the script that brings the database to the present models."""
    from alembic import command  # noqa: PLC0415

    with engine().connect() as connection:
        command.revision(_configuration(connection), message, autogenerate=True)


def is_current(session: Session) -> bool:
    """True when the database is at the newest revision."""
    return _revision(session.connection()) == head()


def differences(connection: Connection) -> list[object]:
    """What the models say that the database does not; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Model.metadata))


def _revision(connection: Connection) -> str | None:
    try:
        with connection.begin_nested():
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise
    return str(found) if found else None


def _configuration(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
