"""`inters4 notices`: the digests that are due, made now or only counted."""

import click

from inters4.core.clock import now
from inters4.core.console import say
from inters4.core.db import reading
from inters4.core.i18n import _, format_number
from inters4.notices.jobs import make_digests
from inters4.notices.queries.digests import count_due


@click.group(
    help=_("Avis aux personnes : résumés par courriel."),
    subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
)
def notices() -> None:
    """Gather the commands of notices."""


@notices.command(help=_("Prépare les résumés dont l’heure est venue; le courriel suit sa file."))
@click.option("--dry-run", is_flag=True, help=_("Compte sans rien préparer."))
def digest(dry_run: bool) -> None:
    """Make the digests that are due, or count them."""
    if dry_run:
        with reading() as session:
            due = count_due(session, now())
        say(_("Résumés qui partiraient maintenant : %(count)s", count=format_number(due.mailed)))
    else:
        due = make_digests()
        say(_("Résumés préparés : %(count)s", count=format_number(due.mailed)))
    say(_("Sans rien de nouveau : %(count)s", count=format_number(due.without_news)))
    say(_("Personnes absentes depuis 180 jours : %(count)s", count=format_number(due.absent)))
