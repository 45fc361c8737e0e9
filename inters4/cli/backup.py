"""`inters4 backup` and `restore`: one file that holds everything, and the way back."""

import secrets
from datetime import datetime
from pathlib import Path

import click

from inters4.core import backup as backups
from inters4.core import db, migrate
from inters4.core.backup.archive import DUMP, BackupRefused
from inters4.core.console import fail, progress, say
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_moment, format_number, ngettext
from inters4.core.installation import RESTORED, name_installation
from inters4.search.models import IndexTask
from inters4.search.services.requests import request_index
from inters4.settings import Settings


@click.command(
    help=_(
        "Sauvegarde tout dans un seul fichier, relu avant de porter son nom; le portail peut "
        "servir."
    )
)
@click.argument("file", metavar=_("FICHIER"), type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write one archive; say what it holds and what is to be kept apart."""
    try:
        with progress(_("Sauvegarde")) as shown:
            saved = backups.back_up(settings, file, progress=shown)
    except BackupRefused as refusal:
        fail(refusal.message)
    say(
        _(
            "Sauvegarde écrite et relue : %(path)s (%(size)s Mo, %(files)s).",
            path=file,
            size=format_number(round(saved.size / 1_000_000, 1)),
            files=ngettext("%(num)s fichier déposé", "%(num)s fichiers déposés", saved.files),
        )
    )
    if not saved.has_database:
        say(
            _(
                "La base PostgreSQL n’y est pas : pg_dump n’est pas sur cette machine. Sauvegardez-"
                "la avec « pg_dump --format=custom », au même moment."
            ),
            error=True,
        )
    if saved.missing:
        say(
            ngettext(
                "%(num)s fichier déposé manque sur le disque ou y est abîmé : %(first)s.",
                "%(num)s fichiers déposés manquent sur le disque ou y sont abîmés, dont %(first)s.",
                len(saved.missing),
                first=saved.missing[0],
            ),
            error=True,
        )
    say(_("La clé de signature n’y est pas : gardez DONNÉES/secret_key à part."))


@click.command(
    help=_(
        "Remet une sauvegarde dans INTERS4_DATA_DIR, qui doit être vide; --verify la relit "
        "seulement."
    )
)
@click.argument("file", metavar=_("FICHIER"), type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help=_("Relit la sauvegarde sans rien écrire."))
@click.pass_obj
def restore(settings: Settings, file: Path, *, verify: bool) -> None:
    """Check, put back, migrate, and ask the worker for an index."""
    try:
        with progress(_("Lecture")) as shown:
            if verify:
                manifest = backups.verify(file, progress=shown)
            else:
                manifest = backups.restore(settings, file, progress=shown)
    except BackupRefused as refusal:
        fail(refusal.message)
    made = format_moment(datetime.fromisoformat(manifest.made_at))
    if verify:
        say(_("Cette sauvegarde est entière; elle date du %(moment)s.", moment=made))
        return
    if DUMP in manifest.entries:
        say(
            _(
                "Les fichiers sont remis. Remettez la base : pg_restore --clean --if-exists "
                "--dbname=… %(path)s, puis inters4 db upgrade et inters4 index rebuild",
                path=settings.data_dir / DUMP,
            )
        )
        return
    migrate.upgrade()
    with db.writing() as session:
        name_installation(session).instance = secrets.token_hex(16)
        hooks.emit(RESTORED, session)
        request_index(session, IndexTask.REBUILD)
    say(
        _(
            "La sauvegarde du %(moment)s est remise. Lancez le portail : l’index se "
            "reconstruit, et "
            "chaque personne se connecte de nouveau.",
            moment=made,
        )
    )
