"""`inters4 backup` and `restore`: one file that holds everything, and the way back."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from inters4.core import backup as backups
from inters4.core import db, migrate
from inters4.core.backup import ERASED, BackupRefused
from inters4.core.backup.archive import DUMP
from inters4.core.console import fail, progress, say
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_moment, format_number, ngettext
from inters4.core.installation import RESTORED, name_installation
from inters4.members.services.erasure import erase_again, erased_people
from inters4.members.services.people import OPERATOR
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
    with db.reading() as session:
        backups.note_erased(file.absolute().parent / ERASED, erased_people(session))
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
@click.option(
    "--finish",
    is_flag=True,
    help=_("Termine, une fois la base remise par pg_restore, ou une liste d’effacements trouvée."),
)
@click.option(
    "--erased",
    metavar=_("LISTE"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Efface de nouveau les personnes de cette liste, en plus de %(name)s.", name=ERASED),
)
@click.pass_obj
def restore(
    settings: Settings, file: Path, *, verify: bool, finish: bool, erased: Path | None
) -> None:
    """Check, put back, migrate, erase again who was erased, and ask the worker for an index."""
    try:
        with progress(_("Lecture")) as shown:
            if verify or finish:
                manifest = backups.verify(file, progress=shown)
                if finish:
                    backups.refuse_half_extracted(settings.data_dir, manifest)
            else:
                manifest = backups.restore(settings, file, progress=shown)
    except BackupRefused as refusal:
        fail(refusal.message)
    made = format_moment(datetime.fromisoformat(manifest.made_at))
    if verify:
        say(_("Cette sauvegarde est entière; elle date du %(moment)s.", moment=made))
        return
    if DUMP in manifest.entries and not finish:
        say(
            _(
                "Les fichiers sont remis. Remettez la base : pg_restore --clean --if-exists "
                "--dbname=… %(path)s, puis inters4 restore --finish %(file)s",
                path=settings.data_dir / DUMP,
                file=file,
            )
        )
        return
    lists = [settings.data_dir / ERASED, file.parent / ERASED, *([erased] if erased else [])]
    _finish(settings, [path for path in lists if path.exists()], made=made)
    say(
        _(
            "La sauvegarde du %(moment)s est remise. Lancez le portail : l’index se "
            "reconstruit, et "
            "chaque personne se connecte de nouveau.",
            moment=made,
        )
    )


def _finish(settings: Settings, lists: Sequence[Path], *, made: str) -> None:
    """What a database put back needs before it serves."""
    named = backups.read_erased(*lists)
    migrate.upgrade()
    with db.writing() as session:
        name_installation(session).instance = secrets.token_hex(16)
        hooks.emit(RESTORED, session)
        done, left = erase_again(session, named, by=OPERATOR)
        request_index(session, IndexTask.REBUILD)
    backups.note_erased(settings.data_dir / ERASED, named.values())
    backups.note_finished(settings.data_dir)
    if not lists:
        say(
            _(
                "Aucune liste d’effacements (%(name)s) dans le dossier ni à côté de la "
                "sauvegarde : qui s’est fait effacer depuis le %(moment)s est revenu. Si vous "
                "l’avez ailleurs : inters4 restore --finish --erased LISTE, avec ce fichier.",
                name=ERASED,
                moment=made,
            ),
            error=True,
        )
    elif named:
        last = max(one.at for one in named.values())
        say(
            ngettext(
                "%(num)s personne effacée depuis la sauvegarde l’est de nouveau; la liste va "
                "jusqu’au %(moment)s.",
                "%(num)s personnes effacées depuis la sauvegarde le sont de nouveau; la liste va "
                "jusqu’au %(moment)s.",
                len(done),
                moment=format_moment(last),
            )
        )
    if left:
        say(
            _(
                "À effacer vous-même, car leur compte administre seul le portail ou attend sa "
                "confirmation : %(people)s.",
                people=", ".join(f"/admin/personnes/{one}" for one in left),
            ),
            error=True,
        )
