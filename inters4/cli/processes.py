"""`serve`, and its two halves apart: `web` and `worker`."""

import click

from inters4.core import db, processes
from inters4.core.backup import is_unfinished
from inters4.core.console import fail
from inters4.core.i18n import _
from inters4.core.installation import is_demo
from inters4.settings import Settings


@click.command(help=_("Sert le portail : pages et tâches, surveillées ensemble."))
@click.pass_obj
def serve(settings: Settings) -> None:
    """Run both halves until a signal."""
    _refuse_what_is_not_to_be_served(settings)
    processes.serve(settings)


@click.command(help=_("Sert les pages seulement."))
@click.pass_obj
def web(settings: Settings) -> None:
    """Run the pages until a signal."""
    _refuse_what_is_not_to_be_served(settings)
    processes.web(settings)


@click.command(help=_("Exécute les tâches seulement : index, courriels, purges."))
@click.pass_obj
def worker(settings: Settings) -> None:
    """Run the jobs until a signal."""
    _refuse_what_is_not_to_be_served(settings)
    processes.worker(settings)


def _refuse_what_is_not_to_be_served(settings: Settings) -> None:
    """Leave with one clear line for a backup half put back, or the database of a demonstration."""
    if is_unfinished(settings.data_dir):
        fail(
            _(
                "Une sauvegarde n’a pas fini d’être remise dans %(folder)s : terminez par "
                "« inters4 restore --finish FICHIER ».",
                folder=settings.data_dir,
            )
        )
    with db.reading() as session:
        if is_demo(session) and not settings.allow_demo_data:
            fail(
                _(
                    "Cette base est une démonstration : ses comptes sont publics. Lancez "
                    "« inters4 demo », ou donnez à INTERS4_DATA_DIR un autre dossier. Pour la "
                    "servir quand même : INTERS4_ALLOW_DEMO_DATA=oui"
                )
            )
