"""`inters4 demo`: from an empty directory to a portal that works, in one command.

Each step may be run again: data is kept. The database is marked as a demonstration for ever,
because its accounts are public.
"""

from dataclasses import replace

import click
from sqlalchemy import inspect, select

from inters4.community.services.demo import seed_communities
from inters4.core import db, logs, migrate, processes
from inters4.core.console import fail, progress, say
from inters4.core.content.importing import files_of, import_files
from inters4.core.content.models import ContentImport
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.installation import Installation, is_demo, mark_demo
from inters4.core.paths import content_dir
from inters4.core.speech import told
from inters4.core.web import assets
from inters4.members.models import Member
from inters4.members.services import DemoAccount, seed_demo
from inters4.newsletters.services.demo import seed_newsletters
from inters4.practices.services.demo import seed_practices
from inters4.practices.services.demo_adoption import seed_adoption
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings, unwritable
from inters4.veille.services.demo import seed_watching


@click.command(help=_("Prépare et sert une démonstration : contenu de départ, comptes fictifs."))
@click.option("--no-serve", is_flag=True, help=_("Prépare tout, puis s’arrête."))
@click.pass_obj
def demo(settings: Settings, *, no_serve: bool) -> None:
    """Prepare everything, say who the accounts are, then serve until a signal."""
    if not no_serve:
        processes.refuse_busy_port(settings)
    prepare(settings)
    if no_serve:
        say(_("La démonstration est prête. Pour la servir : inters4 demo"))
        return
    say("\n" + _("Le portail est servi sur %(url)s (Ctrl-C pour arrêter).", url=settings.url))
    logs.configure(settings)
    own = _own_address(settings)
    processes.serve(
        replace(settings, allow_demo_data=True, fetch_allow=(*settings.fetch_allow, own))
    )


def prepare(settings: Settings) -> None:
    """Migrate, mark, load, index, make the accounts and say who they are."""
    _check_writable(settings)
    say("1/5  " + _("Base de données dans %(folder)s", folder=settings.data_dir))
    _refuse_real_database()
    migrate.upgrade()
    with db.writing() as session:
        mark_demo(session)
    say("2/5  " + _("Contenu de départ"))
    _load_content()
    say("3/5  " + _("Comptes de démonstration"))
    with db.writing() as session:
        accounts = seed_demo(session)
        seed_adoption(session)
        seed_practices(session)
        seed_watching(session, site=f"http://{_own_address(settings)}")
        seed_newsletters(session, settings)
        seed_communities(session)
    say("4/5  " + _("Index de recherche"))
    if not bring_up_to_date(settings):
        say("     " + _("L’index est tenu par un portail en marche : il se mettra à jour."))
    say("5/5  " + _("Fichiers statiques"))
    assets.prepare(settings.data_dir)
    _show(accounts)


def _check_writable(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data_dir / ".essai"
        probe.touch()
        probe.unlink()
    except OSError as error:
        fail(told(unwritable(settings.data_dir, error)))


def _refuse_real_database() -> None:
    """Look before touching anything: a database in use is never given public accounts.

    An empty one may be a demonstration whose preparation was cut short.
    """
    db.create_file()
    if not inspect(db.engine()).has_table(Installation.__tablename__):
        return
    with db.reading() as session:
        in_use = any(
            session.scalars(select(table).limit(1)).first() is not None
            for table in (Member, ContentImport)
        )
        if in_use and not is_demo(session):
            fail(
                _(
                    "Cette base n’est pas une démonstration : rien n’y est ajouté. Pour une "
                    "démonstration, donnez à INTERS4_DATA_DIR un autre dossier."
                )
            )


def _load_content() -> None:
    root = content_dir()
    files = files_of(root, list(hooks.content_kinds.values()))
    with progress("     " + _("Importation"), total=len(files)) as shown:
        report = import_files(files, root, progress=shown)
    for sentence in (*map(str, report.errors), *report.left):
        say(f"     {sentence}", error=True)


def _show(accounts: list[DemoAccount]) -> None:
    say("\n" + _("Comptes fictifs, publics, pour cette démonstration seulement :"))
    width = max(len(account.email) for account in accounts)
    for account in accounts:
        say(f"  {account.email:<{width}}  {account.password}  {account.role}")


def _own_address(settings: Settings) -> str:
    host = settings.host if settings.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
    return f"{host}:{settings.port}"
