"""`inters4 practices`: the mails of the quarter that is over, made now or only counted."""

import click

from inters4.core.clock import local, now
from inters4.core.console import say
from inters4.core.db import reading
from inters4.core.i18n import _, format_date, format_number
from inters4.practices.jobs import follow_quarters
from inters4.practices.models.readership import Quarter
from inters4.practices.queries.readership import count_quarters, sheets_to_count


@click.group(help=_("Fiches de pratiques."), subcommand_metavar=_("COMMANDE [ARGUMENTS]…"))
def practices() -> None:
    """Gather the commands of practices."""


@practices.command(
    help=_("Compte ce que sont devenues les fiches au dernier trimestre, et l’écrit aux équipes.")
)
@click.option("--dry-run", is_flag=True, help=_("Compte sans rien préparer."))
def quarters(dry_run: bool) -> None:
    """Tell the quarter that is over, once a sheet, or say what would be told."""
    quarter = Quarter.before(local(now()).date())
    with reading() as session:
        counted = count_quarters(session, sheets_to_count(session, quarter), quarter)
    if not dry_run:
        follow_quarters()
    told = sum(not one.is_empty for one in counted)
    say(
        _(
            "Trimestre du %(first)s au %(last)s",
            first=format_date(quarter.first),
            last=format_date(quarter.last),
        )
    )
    say(_("Fiches dont l’équipe est avertie : %(count)s", count=format_number(told)))
    say(_("Fiches sans rien à dire : %(count)s", count=format_number(len(counted) - told)))
