"""`inters4 content`: import, check and export the files of a content folder."""

import sys
from itertools import groupby
from pathlib import Path

import click

from inters4.core.console import fail, progress, say
from inters4.core.content.exporting import export_files
from inters4.core.content.importing import (
    Outcome,
    Report,
    check_files,
    files_of,
    import_files,
)
from inters4.core.db import reading
from inters4.core.frontmatter import ContentErrors
from inters4.core.hooks import hooks
from inters4.core.i18n import _, ngettext
from inters4.core.paths import content_dir
from inters4.core.speech import reason_of

_FOLDER = click.argument(
    "folder", required=False, type=click.Path(path_type=Path), metavar=f"[{_('DOSSIER')}]"
)

_MOST_TOLD = 20
"""Mistakes told of a file: the rest often has the same cause."""


@click.group(
    help=_("Contenu en fichiers : fiches, résumés, numéros, vocabulaire, pages."),
    subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
)
def content() -> None:
    """Gather the commands of content."""


@content.command(
    "import",
    help=_(
        "Importe un dossier de contenu (par défaut, celui qui est livré).\n\n"
        "Un fichier est pris en entier ou refusé en entier; ce qui a été modifié dans le portail "
        "y reste."
    ),
)
@_FOLDER
def import_command(folder: Path | None) -> None:
    """Bring a folder into the database."""
    _run(folder, is_check=False)


@content.command("check", help=_("Vérifie un dossier de contenu sans rien changer."))
@_FOLDER
def check_command(folder: Path | None) -> None:
    """Say what an import would do."""
    _run(folder, is_check=True)


@content.command(
    "export", help=_("Écrit le contenu public dans un dossier, prêt à être importé ailleurs.")
)
@click.argument("folder", type=click.Path(path_type=Path), metavar=_("DOSSIER"))
def export_command(folder: Path) -> None:
    """Write what everyone may read as files."""
    try:
        with reading() as session:
            written = export_files(session, folder, list(hooks.content_kinds.values()))
    except OSError as error:
        fail(
            _(
                "Impossible d’écrire dans %(folder)s (%(reason)s).",
                folder=folder,
                reason=reason_of(error),
            )
        )
    say(
        ngettext(
            "%(num)s fichier écrit dans %(folder)s.",
            "%(num)s fichiers écrits dans %(folder)s.",
            len(written),
            folder=folder,
        )
    )


def _run(folder: Path | None, *, is_check: bool) -> None:
    root = folder or content_dir()
    try:
        files = files_of(root, list(hooks.content_kinds.values()))
    except ContentErrors as refusal:
        fail("\n".join(str(error) for error in refusal.errors))
    label = _("Vérification du contenu") if is_check else _("Importation du contenu")
    with progress(label, total=len(files)) as shown:
        report = (check_files if is_check else import_files)(files, root, progress=shown)
    _tell(report)
    if report.errors:
        sys.exit(1)


def _tell(report: Report) -> None:
    for path, found in groupby(report.errors, key=lambda error: error.path):
        errors = list(found)
        for error in errors[:_MOST_TOLD]:
            say(str(error), error=True)
        more = len(errors) - _MOST_TOLD
        if more > 0:
            rest = ngettext(
                "… et %(num)s autre erreur dans %(path)s.",
                "… et %(num)s autres erreurs dans %(path)s.",
                more,
                path=path,
            )
            say(rest, error=True)
    for sentence in report.left:
        say(sentence, error=True)
    say(
        _(
            "Créés : %(created)s. Mis à jour : %(updated)s. Inchangés : %(unchanged)s. "
            "Laissés tels quels : %(left)s. Fichiers refusés : %(refused)s.",
            created=report.count(Outcome.CREATED),
            updated=report.count(Outcome.UPDATED),
            unchanged=report.count(Outcome.UNCHANGED),
            left=report.count(Outcome.LEFT),
            refused=len(report.refused),
        )
    )
