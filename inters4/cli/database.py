"""`inters4 db`: bring the database to this release, and say where it stands."""

import click

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.console import fail, say
from inters4.core.i18n import _
from inters4.core.installation import name_installation


@click.group(name="db", help=_("Base de données."), subcommand_metavar=_("COMMANDE [ARGUMENTS]…"))
def database() -> None:
    """Gather the commands of the database; what it refuses is told by the root."""


@database.command(help=_("Met la base au niveau de cette version du portail."))
def upgrade() -> None:
    """Migrate to the newest revision, making the database when there is none."""
    load_domains()
    changed = migrate.upgrade()
    with db.writing() as session:
        name_installation(session)
    say(_("La base est à jour.") if changed else _("La base était déjà à jour."))


@database.command(help=_("Dit si la base est à jour; sinon, sort avec le code 1."))
def status() -> None:
    """Compare the revision of the database with that of this release."""
    with db.reading() as session:
        current = migrate.is_current(session)
    if not current:
        fail(_("La base n’est pas à jour. Lancez : inters4 db upgrade"))
    say(_("La base est à jour."))


@database.command(
    hidden=True, help=_("Pour les responsables du code : écrit la migration qui manque.")
)
@click.argument("message")
def revision(message: str) -> None:
    """Write the script that brings the database to the present models."""
    load_domains()
    migrate.write_revision(message)
