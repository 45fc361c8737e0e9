"""`inters4 members`: the first account, inviting people, who has one. None is made by default."""

import sys
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.console import fail, say
from inters4.core.errors import DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import LANGUAGES, _
from inters4.core.migrate import is_current
from inters4.members import queries, services
from inters4.members.forms.people_file import read_people
from inters4.members.models import Member
from inters4.members.queries import find_organisation
from inters4.members.services.erasure import erase_member
from inters4.members.services.second_factor import has_second_factor, reset_by_operator

PURGED = (
    "registrations",
    "invitations",
    "member_tokens",
    "member_sessions",
    "sign_in_attempts",
    "sign_in_challenges",
    "password_resets",
    "provider_returns",
    "inactive_members",
)


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


@members.command("invite", help=_("Invite une personne par courriel."))
@click.argument("email", metavar=_("COURRIEL"))
@click.option("--organisation", help=_("Identifiant de son organisation, comme cisss-bsl."))
@click.option("--role", type=click.Choice([one.value for one in Role]), help=_("Rôle donné."))
@click.option("--locale", type=click.Choice(list(LANGUAGES)), default="fr", help=_("Langue."))
def invite_one(email: str, organisation: str | None, role: str | None, locale: str) -> None:
    """Mail an invitation, for which nobody in particular answers."""
    try:
        with db.writing() as session:
            _refuse_behind(session)
            found = find_organisation(session, organisation) if organisation else None
            if organisation and found is None:
                fail(_("L’organisation « %(id)s » n’existe pas.", id=organisation))
            services.invite(
                session,
                by=services.OPERATOR,
                email=email,
                organisation=found,
                role=Role(role) if role else None,
                locale=locale,
            )
    except DomainError as error:
        fail(error.message)
    say(_("L’invitation de %(email)s est dans la file d’envoi.", email=email))


@members.command("import", help=_("Invite les personnes d’un fichier CSV; dit ligne par ligne."))
@click.argument("path", metavar=_("FICHIER"), type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Dit ce qui serait fait, sans rien faire."))
def import_people(path: Path, *, dry_run: bool) -> None:
    """Mail an invitation for each good line; the others are told and change nothing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        fail(_("Le fichier « %(path)s » ne peut pas être lu en UTF-8.", path=path))
    wrong = 0
    try:
        with db.writing() as session:
            _refuse_behind(session)
            known = {one.slug: one for one in queries.list_organisations(session)}
            for line in read_people(text, organisations=known):
                trouble = line.trouble or services.already_known(session, line.email)
                if not trouble and not dry_run:
                    services.invite(
                        session,
                        by=services.OPERATOR,
                        email=line.email,
                        organisation=known.get(line.organisation),
                        role=line.role,
                        locale="fr",
                    )
                wrong += bool(line.trouble)
                told = trouble or (_("serait invitée") if dry_run else _("invitée"))
                say(f"{path.name}:{line.number}\t{line.email}\t{told}")
    except DomainError as error:
        fail(error.message)
    if wrong:
        sys.exit(1)


@members.command("purge", help=_("Efface ce qui a été gardé assez longtemps, sans attendre."))
def purge() -> None:
    """Follow the retention rules of accounts now, and tell what went."""
    for name in PURGED:
        rule = hooks.retention[name]
        with db.writing() as session:
            _refuse_behind(session)
            count = rule.purge(session, now() - timedelta(days=rule.days))
        say(f"{name}\t{count}")


@members.command(
    "reset-second-factor",
    help=_("Retire la validation en deux étapes d’une personne qui a perdu téléphone et codes."),
)
@click.argument("email", metavar=_("COURRIEL"))
def reset_second_factor(email: str) -> None:
    """Let a person in by password alone again; they are told, and the journal says so."""
    with db.writing() as session:
        _refuse_behind(session)
        member = _existing(session, email)
        if not has_second_factor(session, member.id):
            fail(_("%(name)s n’a pas de validation en deux étapes.", name=member.name))
        reset_by_operator(session, member.id)
    say(_("La validation en deux étapes de %(name)s est retirée.", name=member.name))


@members.command("erase", help=_("Efface une personne, à sa demande, pour toujours."))
@click.argument("email", metavar=_("COURRIEL"))
@click.option("--withdraw-posts", is_flag=True, help=_("Retire aussi ce que la personne a publié."))
@click.option("--yes", is_flag=True, help=_("Ne demande pas de confirmation."))
def erase(email: str, *, withdraw_posts: bool, yes: bool) -> None:
    """Erase someone who asked by other means than their own account."""
    with db.reading() as session:
        _refuse_behind(session)
        name = _existing(session, email).name
    if not yes:
        click.confirm(
            _("Effacer %(name)s (%(email)s) pour toujours?", name=name, email=email), abort=True
        )
    try:
        with db.writing() as session:
            erase_member(
                session,
                _existing(session, email),
                keeps_posts=not withdraw_posts,
                by=services.OPERATOR,
            )
    except DomainError as error:
        fail(error.message)
    say(_("Le compte de %(name)s est effacé; les fichiers suivent dans les 24 heures.", name=name))


def _existing(session: Session, email: str) -> Member:
    """The account of this address, or a line and status 1."""
    found = queries.find_member_by_email(session, email)
    if found is None:
        fail(_("Aucun compte n’a cette adresse : %(email)s", email=email))
    return found


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
