"""`inters4 members`: the first account, and who has one. No account is made by default."""

import sys

import click
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.console import fail, say
from inters4.core.errors import DomainError
from inters4.core.migrate import is_current
from inters4.members import queries, services


@click.group()
def members() -> None:
    """Comptes des personnes."""


@members.command("create-admin")
@click.option("--name", help="Nom de la personne; demandé s’il manque.")
@click.option("--email", help="Son adresse de courriel; demandée si elle manque.")
@click.option("--password-stdin", is_flag=True, help="Lit le mot de passe sur l’entrée standard.")
def create_admin(name: str | None, email: str | None, *, password_stdin: bool) -> None:
    """Crée un compte qui administre le portail."""
    if password_stdin and not (name and email):
        fail("Avec --password-stdin, donnez aussi --name et --email.")
    name = name or click.prompt("Nom")
    email = email or click.prompt("Courriel")
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
    say(f"Le compte de {member.name} ({member.email}) administre le portail.")


@members.command("list")
def list_members() -> None:
    """Liste les comptes : adresse, état, rôles, nom."""
    with db.reading() as session:
        _refuse_behind(session)
        lines = queries.list_members(session)
    if not lines:
        say("Aucun compte. Pour créer le premier : inters4 members create-admin")
    for line in lines:
        roles = ", ".join(role.value for role in line.roles) or "—"
        say(f"{line.email}\t{line.state.value}\t{roles}\t{line.name}")


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _ask_password() -> str:
    found: str = click.prompt(
        "Mot de passe",
        hide_input=True,
        confirmation_prompt="Le même, encore une fois",
    )
    return found


def _refuse_behind(session: Session) -> None:
    if not is_current(session):
        fail("La base n’est pas à jour. Lancez d’abord : inters4 db upgrade")
