"""Making a backup while the portal runs.

The database first, in one read transaction of SQLite's online backup, then the files: one that is
deposited meanwhile is no row's, one that is removed meanwhile was about to be. What is under way
stays in a hidden folder beside the archive; the final name is given in one step, and never taken
from another file.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
import zipfile
from contextlib import closing, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select, text

from inters4 import __version__
from inters4.core.backup.archive import (
    DATABASE,
    DUMP,
    MANIFEST,
    SETTINGS,
    BackupRefused,
    Entry,
    Manifest,
    check_entry,
    open_archive,
    write_entry,
)
from inters4.core.clock import now
from inters4.core.console import Progress
from inters4.core.db import Model, reading
from inters4.core.files import StoredFile
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.vitals.last_backup import note_backup
from inters4.settings import Settings

_UNDER_WAY = ".inters4-sauvegarde-"
_LEFT_BEHIND_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_COUNTED = ("mail_queue", "outbox", "stored_files", "members")
_APART = frozenset({"data_dir", "database_url", "secret_key"})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A backup that was made and read again.

    Attributes:
        size: bytes of the archive.
        files: how many deposited files it holds.
        missing: tokens of files whose row has no content, or another content, on this disk.
        has_database: False when the database is to be saved apart, by `pg_dump`.
    """

    size: int
    files: int
    missing: tuple[str, ...]
    has_database: bool


def back_up(settings: Settings, target: Path, *, progress: Progress) -> Saved:
    """Write the whole installation to `target`, which must not exist.

    Raises:
        BackupRefused: `target` exists, or the database cannot be read.
        OSError: the disk is full, or the folder cannot be written.
    """
    target = target.absolute()
    if target.exists() or target.is_symlink():
        raise _taken(target)
    _sweep(target.parent)
    with tempfile.TemporaryDirectory(prefix=_UNDER_WAY, dir=target.parent) as made:
        place = Path(made)
        manifest = _write(settings, place, progress)
        _reread(place / "archive", manifest, progress)
        size = (place / "archive").stat().st_size
        _name(place / "archive", target)
    has_database = bool({DATABASE, DUMP} & manifest.entries.keys())
    note_backup(settings.data_dir, size=size, has_database=has_database)
    return Saved(
        size=size,
        files=sum(name.startswith("files/") for name in manifest.entries),
        missing=tuple(manifest.missing),
        has_database=has_database,
    )


def _write(settings: Settings, place: Path, progress: Progress) -> Manifest:
    base, facts = _database(settings, place)
    entries: dict[str, Entry] = {}
    descriptor = os.open(place / "archive", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", compresslevel=6) as archive:
            if base is not None:
                name = DATABASE if base.name == DATABASE else DUMP
                with base.open("rb") as source:
                    entries[name] = write_entry(archive, name, source, packed=True)
                base.unlink()
            for path in _deposited(settings.data_dir / "files"):
                name = f"files/{path.name[:2]}/{path.name[2:4]}/{path.name}"
                with suppress(FileNotFoundError), path.open("rb") as source:
                    entries[name] = write_entry(archive, name, source, packed=False)
                progress.advance()
            with (place / SETTINGS).open("w+b") as source:
                source.write(_told(settings))
                source.seek(0)
                entries[SETTINGS] = write_entry(archive, SETTINGS, source, packed=True)
            manifest = Manifest(
                made_at=now().isoformat(),
                portal=__version__,
                revision=facts["revision"],
                rows=facts["rows"],
                missing=_missing(facts["files"], entries),
                entries=entries,
            )
            archive.writestr(MANIFEST, manifest.written())
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _database(settings: Settings, place: Path) -> tuple[Path | None, dict[str, Any]]:
    """A copy of the database in one file, and what it says of itself."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        with reading() as session:
            facts = {
                "revision": session.execute(
                    text("SELECT version_num FROM alembic_version")
                ).scalar(),
                "rows": {
                    name: session.scalar(
                        select(func.count()).select_from(Model.metadata.tables[name])
                    )
                    for name in _COUNTED
                },
                "files": {
                    row.token: row.sha256
                    for row in session.execute(select(StoredFile.token, StoredFile.sha256))
                },
            }
        return _dump(settings, place), facts
    copy = place / DATABASE
    try:
        return copy, _copy(Path(url.database or ""), copy)
    except sqlite3.Error as error:
        raise BackupRefused(_sqlite_words(error)) from error


def _copy(source: Path, copy: Path) -> dict[str, Any]:
    """One step for all pages: a single read transaction, and writers are not held up."""
    if not source.is_file():
        raise BackupRefused(
            _(
                "Il n’y a pas de base de données à sauvegarder dans %(folder)s.",
                folder=source.parent,
            )
        )
    copy.touch(mode=0o600)
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as opened,
        closing(sqlite3.connect(copy)) as made,
    ):
        opened.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")
        found = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupRefused(
                _(
                    "La base de données est abîmée (%(reason)s) : gardez vos sauvegardes "
                    "précédentes et remettez la dernière.",
                    reason=" ".join(str(found).split()),
                )
            )
        return {
            "revision": made.execute("SELECT version_num FROM alembic_version").fetchone()[0],
            "rows": {
                name: made.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
                for name in _COUNTED
            },
            "files": dict(made.execute("SELECT token, sha256 FROM stored_files")),
        }


def _dump(settings: Settings, place: Path) -> Path | None:
    """PostgreSQL by its own tool; None when this machine does not have it."""
    tool = shutil.which("pg_dump")
    if tool is None:
        return None
    url = make_url(settings.database_url)
    password = {"PGPASSWORD": url.password} if url.password else {}
    address = url.set(drivername="postgresql", password=None).render_as_string()
    written = subprocess.run(  # noqa: S603
        [tool, "--format=custom", f"--file={place / DUMP}", f"--dbname={address}"],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if written.returncode != 0:
        raise BackupRefused(
            _("pg_dump a échoué : %(reason)s", reason=" ".join(written.stderr.split())[:300])
        )
    return place / DUMP


def _deposited(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("*/*/*") if _TOKEN.fullmatch(path.name))


def _missing(known: dict[str, str], entries: dict[str, Entry]) -> list[str]:
    return sorted(
        token
        for token, digest in known.items()
        if (entry := entries.get(f"files/{token[:2]}/{token[2:4]}/{token}")) is None
        or entry.sha256 != digest
    )


def _told(settings: Settings) -> bytes:
    """The settings that are no secret, by the names of their variables."""
    found = {
        item.metadata["variable"]: str(getattr(settings, item.name))
        for item in fields(settings)
        if not item.metadata["is_secret"] and item.name not in _APART
    }
    return json.dumps(found, indent=1, ensure_ascii=False).encode()


def _reread(path: Path, manifest: Manifest, progress: Progress) -> None:
    """Nothing is believed of what was written before it was read again."""
    with open_archive(path) as archive:
        for name, entry in manifest.entries.items():
            check_entry(archive, name, entry)
            progress.advance()
        if (
            hashlib.sha256(archive.read(MANIFEST)).digest()
            != hashlib.sha256(manifest.written()).digest()
        ):
            raise BackupRefused(_("La sauvegarde n’a pas pu être relue : le disque est en panne."))


def _name(made: Path, target: Path) -> None:
    """Give the final name, unless someone took it meanwhile."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise _taken(target) from None
        made.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(folder: Path) -> None:
    """Remove what a backup that was killed left behind, once it is a day old."""
    for left in folder.glob(f"{_UNDER_WAY}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                shutil.rmtree(left)


def _taken(target: Path) -> BackupRefused:
    return BackupRefused(
        _(
            "%(path)s existe déjà : une sauvegarde n’en remplace jamais une autre. Donnez un "
            "autre nom.",
            path=target,
        )
    )


def _sqlite_words(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return _(
            "Le disque est plein ou en panne : la sauvegarde n’a pas été faite. Faites de la "
            "place, "
            "ou choisissez un autre dossier."
        )
    return _("La base de données ne peut pas être lue (%(reason)s).", reason=error)
