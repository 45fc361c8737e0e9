"""`inters4 check`: what is wrong with this installation, one line each, and what to do."""

from collections.abc import Callable, Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from indexer import IndexUnavailable, open_engine
from inters4.core import db, migrate
from inters4.core.console import fail, say
from inters4.core.mail.check import check_mail
from inters4.settings import MailTransport, Settings


@click.command()
@click.option("--mail", metavar="ADRESSE", help="Envoie un message d’essai à cette adresse.")
@click.pass_obj
def check(settings: Settings, *, mail: str | None) -> None:
    """Vérifie l’installation : dossier, base, index, courriel."""
    if mail is not None:
        result = check_mail(settings, mail)
        if not result.is_ok:
            fail(result.message)
        say(result.message)
        return
    found = [problem for look in _LOOKS for problem in look(settings)]
    for problem in found:
        say(problem, error=True)
    if found:
        fail(f"{len(found)} point(s) à corriger.")
    say("L’installation est en ordre.")


def _look_at_data(settings: Settings) -> Iterator[str]:
    folder = settings.data_dir
    if folder.is_dir() and folder.stat().st_mode & 0o077:
        yield f"{folder} est ouvert à d’autres comptes. Corrigez : chmod 700 {folder}"
    secret = settings.data_dir / "secret_key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        yield f"{secret} est lisible par d’autres comptes. Corrigez : chmod 600 {secret}"


def _look_at_database(_settings: Settings) -> Iterator[str]:
    try:
        with db.reading() as session:
            if not migrate.is_current(session):
                yield "La base n’est pas à jour. Lancez : inters4 db upgrade"
    except SQLAlchemyError as error:
        yield f"La base ne répond pas : {getattr(error, 'orig', None) or error}"


def _look_at_index(settings: Settings) -> Iterator[str]:
    try:
        with open_engine(settings.index_dir, backend=settings.search) as engine:
            engine.document_count()
    except IndexUnavailable:
        yield "L’index ne peut pas être lu. Lancez : inters4 index rebuild"


def _look_at_address(settings: Settings) -> Iterator[str]:
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.is_served_over_tls:
        yield (
            "Le portail écoute au-delà de cette machine, mais INTERS4_URL n’est pas en https : "
            "les sessions voyageraient en clair."
        )


def _look_at_mail(settings: Settings) -> Iterator[str]:
    if settings.mail is MailTransport.SMTP and settings.mail_from.endswith(".invalid"):
        yield "INTERS4_MAIL_FROM est encore l’adresse d’exemple : les courriels seraient refusés."


_LOOKS: tuple[Callable[[Settings], Iterator[str]], ...] = (
    _look_at_data,
    _look_at_database,
    _look_at_index,
    _look_at_address,
    _look_at_mail,
)
