"""The way back: into an empty folder, after everything was checked.

The signing key is not in a backup; put in the folder beforehand, it is kept, as is the list of
those erased. The database comes
last, under its name at once, and a mark stays until sessions are ended and who was erased is erased
again, so that a restore cut short is never taken for an installation.
"""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

from inters4.core import migrate
from inters4.core.backup.archive import (
    DATABASE,
    DUMP,
    SETTINGS,
    BackupRefused,
    Manifest,
    check_entry,
    open_archive,
    read_manifest,
)
from inters4.core.backup.erased import ERASED
from inters4.core.console import Progress
from inters4.core.i18n import _
from inters4.settings import Settings

UNFINISHED = "restore-unfinished"
"""In the data folder while what is put back may not be served."""
_MAY_WAIT = frozenset({"secret_key", ERASED})


def verify(source: Path, *, progress: Progress) -> Manifest:
    """Read a whole archive and compare it with its manifest; nothing is written.

    Raises:
        BackupRefused: it is no backup, it is damaged, or a newer portal made it.
        OSError: it cannot be read.
    """
    with open_archive(source) as archive:
        manifest = read_manifest(archive)
        for name, entry in manifest.entries.items():
            check_entry(archive, name, entry)
            progress.advance()
    if manifest.revision not in migrate.known_revisions():
        raise BackupRefused(
            _(
                "Cette sauvegarde vient d’une version plus récente : mettez d’abord le portail "
                "à jour."
            )
        )
    return manifest


def restore(settings: Settings, source: Path, *, progress: Progress) -> Manifest:
    """Put `source` in the empty data folder of `settings`; the caller migrates.

    Raises:
        BackupRefused: the folder is not empty, or the archive is not fit.
        OSError: the folder cannot be written.
    """
    place = settings.data_dir
    _refuse_full(place)
    manifest = verify(source, progress=progress)
    is_sqlite = make_url(settings.database_url).get_backend_name() == "sqlite"
    if is_sqlite and DATABASE not in manifest.entries:
        raise BackupRefused(
            _(
                "Cette sauvegarde ne contient pas de base SQLite : donnez INTERS4_DATABASE_URL, "
                "remettez la base avec pg_restore, puis recommencez."
            )
        )
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        (place / UNFINISHED).touch(mode=0o600)
        _extract(source, place, manifest, progress)
    except BaseException:
        _empty(place)
        raise
    return manifest


def refuse_half_extracted(place: Path, manifest: Manifest) -> None:
    """Let a restore be finished only where all of `manifest` was put back.

    Raises:
        BackupRefused: it was cut short before its last file, and would be served without its data.
    """
    put_back = (name for name in manifest.entries if name != SETTINGS)
    if is_unfinished(place) and not all((place / name).exists() for name in put_back):
        raise BackupRefused(
            _(
                "La remise a été interrompue avant son dernier fichier : videz %(folder)s, puis "
                "recommencez avec « inters4 restore FICHIER ».",
                folder=place,
            )
        )


def is_unfinished(place: Path) -> bool:
    """True from the first file put back until `note_finished`."""
    return (place / UNFINISHED).exists()


def note_finished(place: Path) -> None:
    """Say that what was put back in `place` may be served."""
    (place / UNFINISHED).unlink(missing_ok=True)


def _extract(source: Path, place: Path, manifest: Manifest, progress: Progress) -> None:
    ordered = sorted(manifest.entries, key=lambda name: (name == DATABASE, name))
    with open_archive(source) as archive:
        for name in ordered:
            path = place / ("restored-settings.json" if name == SETTINGS else name)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.part")
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                check_entry(archive, name, manifest.entries[name], file.write)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            progress.advance()


def _refuse_full(place: Path) -> None:
    try:
        held = sorted(path.name for path in place.iterdir() if path.name not in _MAY_WAIT)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place)) from None
    if held:
        raise BackupRefused(
            _(
                "%(folder)s n’est pas vide (%(name)s) : rien n’a été touché. Donnez à "
                "INTERS4_DATA_DIR un dossier vide, où seuls secret_key et %(list)s peuvent se "
                "trouver.",
                folder=place,
                name=held[0],
                list=ERASED,
            )
        )


def _empty(place: Path) -> None:
    """Leave the folder as it was, for another try."""
    for path in (place / "files", place / DATABASE, place / DUMP, place / "restored-settings.json"):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
    (place / UNFINISHED).unlink(missing_ok=True)
