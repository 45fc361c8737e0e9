"""`inters4 veille poll`: the sources that are due, or one by its name, visited now."""

import click

from inters4.core.clock import now
from inters4.core.console import fail, progress, say
from inters4.core.db import writing
from inters4.core.i18n import _, format_number
from inters4.veille.cli.group import veille
from inters4.veille.exports.failures import worded
from inters4.veille.jobs import Outcome, Tally, visit_all
from inters4.veille.services.polling import take_due, take_source


@veille.command(help=_("Visite les sources dont l’heure est venue, ou une seule."))
@click.option(
    "--source",
    metavar=_("SOURCE"),
    help=_("Identifiant d’une source, visitée même si son heure n’est pas venue."),
)
def poll(source: str | None) -> None:
    """Visit, show how far it is, and say what it brought."""
    with writing() as session:
        if source is None:
            visits = take_due(session, at=now())
        else:
            visit = take_source(session, source, at=now())
            visits = () if visit is None else (visit,)
    if source is not None and not visits:
        fail(_("Aucune source à visiter ne porte cet identifiant, ou sa visite est en cours."))
    remarks: list[str] = []
    tally = Tally()
    if visits:
        with progress(_("Visites"), len(visits)) as shown:

            def hear(outcome: Outcome) -> None:
                if outcome.visited.remark:
                    remarks.append(_said(outcome))
                shown.advance()

            tally = visit_all(visits, tell=hear)
    for remark in remarks:
        say(remark, error=True)
    say(_("Sources visitées : %(count)s", count=format_number(tally.visited)))
    say(_("Trouvailles nouvelles : %(count)s", count=format_number(tally.new)))
    say(_("Sans changement : %(count)s", count=format_number(tally.unchanged)))
    say(_("En échec : %(count)s", count=format_number(tally.failed)))


def _said(outcome: Outcome) -> str:
    return _(
        "%(name)s (%(source)s) : %(remark)s",
        name=outcome.visit.name,
        source=outcome.visit.public_id,
        remark=worded(outcome.visited.remark),
    )
