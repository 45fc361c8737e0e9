"""`inters4 members`: the first account, and who has one. No account is made by default."""

import sys

import click
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.console import fail, say
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.migrate import is_current
from inters4.members import queries, services


@click.group(help=_("Comptes des personnes."), subcommand_metavar=_("COMMANDE [ARGUMENTS]…"))
def members() -> None:
    """Gather the commands of accounts."""


@members.command("create-admin", help=_("Crée un compte qui administre le portail."))
@click.option("--name", help=_("Nom de la personne; demandé s’il manque."))
@click.option("--email", help=_("Son adresse de courriel; demandée si elle manque."))
@click.option(
    "--password-stdin", is_flag=True, help=_("Lit le mot de passe sur l’entrée standard.")
)
def create_admin(name: str | None, email: str | None, *, password_stdin: bool) -> None:
    """Make an account that administers the portal."""
    if password_stdin and not (name and email):
        fail(_("Avec --password-stdin, donnez aussi --name et --email."))
    name = name or click.prompt(_("Nom"))
    email = email or click.prompt(_("Courriel"))
    password = _read_password() if password_stdin else _ask_password()
    try:
        with db.writing() as session:
            _refuse_behind(session)
            member = services.create_member(
                session, name=name, email=email, password=password, by=services.OPERATOR
            )
            services.grant_role(session, member, Role.ADMIN, by=services.OPERATOR)
    except DomainError as error:
        fail(error.message)
    say(
        _(
            "Le compte de %(name)s (%(email)s) administre le portail.",
            name=member.name,
            email=member.email,
        )
    )


@members.command("list", help=_("Liste les comptes : adresse, état, rôles, nom."))
def list_members() -> None:
    """One line an account, for people and for pipes."""
    with db.reading() as session:
        _refuse_behind(session)
        lines = queries.list_members(session)
    if not lines:
        say(_("Aucun compte. Pour créer le premier : inters4 members create-admin"))
    for line in lines:
        roles = ", ".join(role.value for role in line.roles) or "—"
        say(f"{line.email}\t{line.state.value}\t{roles}\t{line.name}")


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _ask_password() -> str:
    found: str = click.prompt(
        _("Mot de passe"),
        hide_input=True,
        confirmation_prompt=_("Le même, encore une fois"),
    )
    return found


def _refuse_behind(session: Session) -> None:
    if not is_current(session):
        fail(_("La base n’est pas à jour. Lancez d’abord : inters4 db upgrade"))
