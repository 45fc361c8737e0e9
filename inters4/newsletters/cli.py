"""`inters4 newsletters`: reads the messages that came back, from a pipe or a mailbox."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from inters4.core.console import say
from inters4.core.db import writing
from inters4.core.i18n import _, format_number
from inters4.core.jobs import jobs
from inters4.newsletters.services.returns import LARGEST, Ending, take_back


@click.group(help=_("Infolettres."), subcommand_metavar=_("COMMANDE [ARGUMENTS]…"))
def newsletters() -> None:
    """Gather the commands of newsletters."""


@newsletters.command(
    help=_(
        "Lit ce qui revient à INTERS4_RETURNS : un message sur l’entrée standard, des fichiers, ou "
        "un dossier maildir dont les nouveaux messages passent dans « cur »."
    )
)
@click.argument(
    "paths",
    nargs=-1,
    metavar=f"[{_('FICHIER')}]…",
    type=click.Path(exists=True, path_type=Path),
)
def bounce(paths: tuple[Path, ...]) -> None:
    """Leave the addresses that come back; say what was done."""
    domain = jobs.settings.mail_from.rpartition("@")[2]
    endings: Counter[Ending] = Counter()
    for data in _messages(paths):
        with writing() as session:
            endings[take_back(session, data, domain=domain)] += 1
    say(_("Adresses quittées : %(count)s", count=format_number(endings[Ending.LEFT])))
    say(_("Retours notés : %(count)s", count=format_number(endings[Ending.NOTED])))
    say(_("Désabonnements : %(count)s", count=format_number(endings[Ending.UNSUBSCRIBED])))
    others = endings[Ending.IGNORED] + endings[Ending.UNKNOWN]
    say(_("Autres messages : %(count)s", count=format_number(others)))


def _messages(paths: tuple[Path, ...]) -> Iterator[bytes]:
    if not paths:
        yield sys.stdin.buffer.read(LARGEST)
    for path in paths:
        if path.is_dir():
            yield from _new_of(path)
        else:
            with path.open("rb") as file:
                yield file.read(LARGEST)


def _new_of(folder: Path) -> Iterator[bytes]:
    """The new messages of a maildir; each is put away once it was read."""
    box = mailbox.Maildir(folder, create=False)
    for key in box.keys():  # noqa: SIM118  (a mailbox is no dictionary)
        message = box[key]
        if message.get_subdir() == "new":
            yield box.get_bytes(key)[:LARGEST]
            message.set_subdir("cur")
            box[key] = message
