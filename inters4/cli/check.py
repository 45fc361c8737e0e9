"""`inters4 check`: what is wrong with this installation, one line each, and what to do.

What only needs the rights of a file is mended with `--repair`; the rest is said.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy.exc import DBAPIError

from indexer import IndexUnavailable, open_engine
from inters4.core import db, migrate, trouble
from inters4.core.console import fail, say
from inters4.core.i18n import _, ngettext
from inters4.core.mail.check import check_mail
from inters4.core.oidc import SignOnRefused
from inters4.core.paper import Lack, lacking, missing_libraries
from inters4.core.speech import reason_of
from inters4.settings import MailTransport, Settings

_FOLDER_MODE, _FILE_MODE, _OTHERS = 0o700, 0o600, 0o077


@click.command(help=_("Vérifie l’installation : dossier, base, index, courriel."))
@click.option("--mail", metavar=_("ADRESSE"), help=_("Envoie un message d’essai à cette adresse."))
@click.option(
    "--repair", is_flag=True, help=_("Referme aux autres comptes ce qui leur est ouvert.")
)
@click.pass_obj
def check(settings: Settings, *, mail: str | None, repair: bool) -> None:
    """Say what is wrong; status 1 when something is."""
    if mail is not None:
        result = check_mail(settings, mail)
        if not result.is_ok:
            fail(result.message)
        say(result.message)
        return
    if repair:
        _close_to_others(settings)
    found = [problem for look in _LOOKS for problem in look(settings)]
    if lacking() is Lack.PACKAGE:
        say(_("Les fiches ne sont pas offertes en PDF : l’extra « pdf » n’est pas installé."))
    for problem in found:
        say(problem, error=True)
    if found:
        fail(ngettext("%(num)s point à corriger.", "%(num)s points à corriger.", len(found)))
    say(_("L’installation est en ordre."))


def _open_to_others(settings: Settings) -> Iterator[Path]:
    """The data folder and the secret, when other accounts may enter or read."""
    for path in (settings.data_dir, settings.data_dir / "secret_key"):
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield path


def _close_to_others(settings: Settings) -> None:
    for path in _open_to_others(settings):
        try:
            path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        except OSError as error:
            fail(
                _(
                    "Les droits de %(path)s ne peuvent pas être changés (%(reason)s) : lancez la "
                    "commande avec le compte à qui ce chemin appartient.",
                    path=path,
                    reason=reason_of(error),
                )
            )
        say(_("%(path)s est maintenant fermé aux autres comptes.", path=path))


def _look_at_data(settings: Settings) -> Iterator[str]:
    for path in _open_to_others(settings):
        yield _(
            "%(path)s est ouvert à d’autres comptes. Corrigez avec « inters4 check --repair », "
            "ou : chmod %(mode)s %(path)s",
            path=path,
            mode="700" if path.is_dir() else "600",
        )


def _look_at_database(_settings: Settings) -> Iterator[str]:
    try:
        with db.reading() as session:
            if not migrate.is_current(session):
                yield _("La base n’est pas à jour. Lancez : inters4 db upgrade")
    except DBAPIError as error:
        yield trouble.told(error)


def _look_at_index(settings: Settings) -> Iterator[str]:
    try:
        with open_engine(settings.index_dir, backend=settings.search) as engine:
            engine.document_count()
    except IndexUnavailable:
        yield _("L’index ne peut pas être lu. Lancez : inters4 index rebuild")
    except OSError as error:
        yield _(
            "L’index ne peut pas être lu : %(path)s (%(reason)s). Corrigez les droits de ce "
            "dossier.",
            path=error.filename or settings.index_dir,
            reason=reason_of(error),
        )


def _look_at_address(settings: Settings) -> Iterator[str]:
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.is_served_over_tls:
        yield _(
            "Le portail écoute au-delà de cette machine, mais INTERS4_URL n’est pas en https : "
            "les sessions voyageraient en clair."
        )


def _look_at_mail(settings: Settings) -> Iterator[str]:
    if settings.mail is MailTransport.SMTP and settings.mail_from.endswith(".invalid"):
        yield _(
            "INTERS4_MAIL_FROM est encore l’adresse d’exemple : les courriels seraient refusés."
        )


def _look_at_provider(settings: Settings) -> Iterator[str]:
    if not settings.sso_issuer:
        return
    from inters4.core.oidc.client import client_of  # noqa: PLC0415  (goes out)

    try:
        client_of(settings).check()
    except SignOnRefused as refusal:
        yield _(
            "INTERS4_SSO_ISSUER : le fournisseur d’identité ne peut pas servir (motif « "
            "%(reason)s »). Vérifiez son adresse, et qu’elle répond d’ici.",
            reason=refusal.reason,
        )


def _look_at_queue(settings: Settings) -> Iterator[str]:
    if not settings.queue_url:
        return
    from redis import Redis, RedisError  # noqa: PLC0415  (an extra)

    parts = urlsplit(settings.queue_url)
    try:
        with Redis.from_url(
            settings.queue_url, protocol=2, socket_connect_timeout=2, socket_timeout=2
        ) as queue:
            queue.ping()
    except (RedisError, OSError) as error:
        yield _(
            "Redis ne répond pas à %(address)s (%(reason)s) : les tâches attendent leur période. "
            "Vérifiez INTERS4_QUEUE_URL et que Redis est en marche.",
            address=f"{parts.hostname}:{parts.port or 6379}",
            reason=" ".join(str(error).split()),
        )


def _look_at_paper(_settings: Settings) -> Iterator[str]:
    """The extra is a choice; the extra without what it needs is a mistake."""
    if lacking() is Lack.LIBRARIES:
        yield _(
            "Les fiches ne peuvent pas être offertes en PDF : l’extra « pdf » est installé, mais "
            "il manque des bibliothèques du système (%(names)s). Sous Debian ou Ubuntu : "
            "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0",
            names=", ".join(missing_libraries()),
        )


_LOOKS: tuple[Callable[[Settings], Iterator[str]], ...] = (
    _look_at_data,
    _look_at_database,
    _look_at_index,
    _look_at_address,
    _look_at_mail,
    _look_at_provider,
    _look_at_queue,
    _look_at_paper,
)
