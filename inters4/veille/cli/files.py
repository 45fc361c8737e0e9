"""`inters4 veille import | opml import | opml export`: references and sources, by file."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from inters4.core.console import fail, say
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.fetch import FetchPolicy
from inters4.core.i18n import _, format_number
from inters4.core.jobs import jobs
from inters4.members.services.people import OPERATOR
from inters4.settings import Settings
from inters4.veille.cli.group import veille
from inters4.veille.exports.opml import write_opml
from inters4.veille.forms.opml import read_opml
from inters4.veille.forms.references import read_references, text_of_bytes
from inters4.veille.jobs import POLL_JOB
from inters4.veille.models import SourceKind, Watch
from inters4.veille.queries.sources import every_feed
from inters4.veille.queries.watches import load_watch, open_watches
from inters4.veille.services.depositing import Fate, deposit
from inters4.veille.services.subscribing import Outcome, subscribe

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


_watch_option = click.option(
    "--watch",
    metavar=_("DISPOSITIF"),
    help=_("Identifiant ou nom d’un dispositif; inutile s’il n’y en a qu’un."),
)


@veille.command(name="import", help=_("Verse les références d’un fichier RIS, BibTeX ou NBIB."))
@click.argument("file", type=_FILE, metavar=_("FICHIER"))
@click.option("--name", metavar=_("NOM"), help=_("Nom de la source; celui du fichier sinon."))
@_watch_option
def import_references(file: Path, name: str | None, watch: str | None) -> None:
    """Take references in, and say what became of each."""
    try:
        brought = read_references(text_of_bytes(file.read_bytes()))
        with writing() as session:
            report = deposit(
                session,
                _chosen(session, watch),
                brought,
                kind=SourceKind.REFERENCES,
                name=name or file.stem,
                by=OPERATOR,
            )
    except DomainError as refusal:
        fail(refusal.message)
    for one in report:
        if one.trouble:
            say(_("Ligne %(line)s : %(why)s", line=one.line, why=one.trouble), error=True)
    new = sum(one.fate is Fate.NEW for one in report)
    known = sum(one.fate is Fate.KNOWN for one in report)
    say(_("Trouvailles nouvelles : %(count)s", count=format_number(new)))
    say(_("Déjà connues : %(count)s", count=format_number(known)))


@veille.group(
    help=_("Sources d’un dispositif, en OPML."), subcommand_metavar=_("COMMANDE [ARGUMENTS]…")
)
def opml() -> None:
    """Gather what is done with lists of feeds."""


@opml.command(name="import", help=_("Ajoute à un dispositif les flux d’un fichier OPML."))
@click.argument("file", type=_FILE, metavar=_("FICHIER"))
@_watch_option
@click.pass_obj
def import_opml(settings: Settings, file: Path, watch: str | None) -> None:
    """Add the feeds, and say what became of each line; the worker visits them."""
    try:
        wanted = read_opml(file.read_bytes())
        with writing() as session:
            report = subscribe(
                session,
                _chosen(session, watch),
                wanted,
                policy=FetchPolicy.from_settings(settings),
                by=OPERATOR,
            )
    except DomainError as refusal:
        fail(refusal.message)
    for one in report:
        if one.told:
            line = _(
                "Ligne %(line)s, %(name)s : %(why)s", line=one.line, name=one.name, why=one.told
            )
            say(line, error=True)
    jobs.nudge(POLL_JOB)
    for label, outcome in (
        (_("Ajoutées"), Outcome.ADDED),
        (_("Déjà là"), Outcome.PRESENT),
        (_("Refusées"), Outcome.REFUSED),
    ):
        count = sum(one.outcome is outcome for one in report)
        say(_("%(label)s : %(amount)s", label=label, amount=format_number(count)))


@opml.command(name="export", help=_("Écrit les flux d’un dispositif sur la sortie."))
@_watch_option
def export_opml(watch: str | None) -> None:
    """Write the file to standard output."""
    with reading() as session:
        found = _chosen(session, watch)
        click.echo(write_opml(found.name, every_feed(session, found.id)), nl=False)


def _chosen(session: Session, named: str | None) -> Watch:
    """The watch of that id or name; without one, the only one there is."""
    watches = open_watches(session)
    if named is None:
        if len(watches) == 1:
            return watches[0]
        fail(_("Dites de quel dispositif il s’agit : --watch NOM."))
    found = load_watch(session, named) or next(
        (one for one in watches if one.name.casefold() == named.casefold()), None
    )
    return found or fail(_("Aucun dispositif ouvert ne porte ce nom."))
