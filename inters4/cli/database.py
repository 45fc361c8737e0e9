"""`inters4 db`: bring the database to this release, and say where it stands."""

import click
from sqlalchemy.exc import SQLAlchemyError

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.console import fail, say
from inters4.core.installation import name_installation


@click.group(name="db")
def database() -> None:
    """Base de données."""


@database.command()
def upgrade() -> None:
    """Met la base au niveau de cette version du portail."""
    load_domains()
    try:
        changed = migrate.upgrade()
        with db.writing() as session:
            name_installation(session)
    except SQLAlchemyError as error:
        fail(f"La base n’a pas pu être mise à jour : {getattr(error, 'orig', None) or error}")
    say("La base est à jour." if changed else "La base était déjà à jour.")


@database.command()
def status() -> None:
    """Dit si la base est à jour; sinon, sort avec le code 1."""
    try:
        with db.reading() as session:
            current = migrate.is_current(session)
    except SQLAlchemyError as error:
        fail(f"La base ne répond pas : {getattr(error, 'orig', None) or error}")
    if not current:
        fail("La base n’est pas à jour. Lancez : inters4 db upgrade")
    say("La base est à jour.")


@database.command(hidden=True)
@click.argument("message")
def revision(message: str) -> None:
    """Pour les responsables du code : écrit la migration qui manque."""
    load_domains()
    migrate.write_revision(message)
