"""The disk, the last backup, and what runs here."""

import os
import platform
import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from inters4 import __version__
from inters4.core import migrate
from inters4.core.clock import now
from inters4.core.i18n import _, format_moment, format_number
from inters4.core.vitals.last_backup import last_backup
from inters4.core.vitals.model import Level, Section, Sign
from inters4.settings import Settings

_LITTLE_ROOM, _NO_ROOM = 0.15, 0.05
_LEAST_BYTES = 1_000_000_000
_OLD_BACKUP, _TOO_OLD_BACKUP = timedelta(hours=36), timedelta(days=7)


def disk(_session: Session, settings: Settings) -> Section:
    """Room where the data lies, and what takes it."""
    usage = shutil.disk_usage(settings.data_dir)
    share = usage.free / usage.total if usage.total else 0.0
    level = Level.GOOD
    if share < _NO_ROOM or usage.free < _LEAST_BYTES:
        level = Level.BAD
    elif share < _LITTLE_ROOM:
        level = Level.WATCH
    signs = [
        Sign(
            _("Place libre"),
            _(
                "%(free)s sur %(total)s (%(share)s %%)",
                free=in_bytes(usage.free),
                total=in_bytes(usage.total),
                share=format_number(round(100 * share)),
            ),
            level,
            _(
                "Faites de la place : quand le disque est plein, plus rien ne s’enregistre. Les "
                "sauvegardes se gardent sur un autre disque."
            )
            if level
            else "",
        )
    ]
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        taken = sum(weight(Path(f"{url.database}{ending}")) for ending in ("", "-wal", "-shm"))
        signs.append(Sign(_("Base de données"), in_bytes(taken)))
    signs.append(Sign(_("Fichiers déposés"), in_bytes(weight(settings.data_dir / "files"))))
    return Section("disque", _("Disque"), signs)


def backup(_session: Session, settings: Settings) -> Section:
    """The last backup made from here."""
    title, label = _("Sauvegarde"), _("Dernière sauvegarde connue")
    found = last_backup(settings.data_dir)
    advice = _(
        "Faites-en une chaque nuit, sur un autre disque : « inters4 backup FICHIER ». Celles "
        "qu’un autre outil fait ne sont pas connues ici."
    )
    if found is None:
        return Section("sauvegarde", title, (Sign(label, _("aucune"), Level.WATCH, advice),))
    age = now() - found.at
    level = Level.BAD if age > _TOO_OLD_BACKUP else Level.WATCH if age > _OLD_BACKUP else Level.GOOD
    told = _("%(moment)s, %(size)s", moment=format_moment(found.at), size=in_bytes(found.size))
    signs = [Sign(label, told, level, advice if level else "")]
    if not found.has_database:
        signs.append(
            Sign(
                _("Base de données"),
                _("à part"),
                Level.WATCH,
                _("Elle n’est pas dans cette sauvegarde : gardez aussi celle de « pg_dump »."),
            )
        )
    return Section("sauvegarde", title, signs)


def versions(session: Session, settings: Settings) -> Section:
    """The portal, its database and Python."""
    found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    is_current = found == migrate.head()
    backend = make_url(settings.database_url).get_backend_name()
    return Section(
        "versions",
        _("Versions"),
        (
            Sign(_("Portail"), __version__),
            Sign(
                _("Révision de la base"),
                str(found),
                Level.GOOD if is_current else Level.BAD,
                ""
                if is_current
                else _(
                    "Ce portail attend la révision %(head)s : « inters4 db upgrade ».",
                    head=migrate.head(),
                ),
            ),
            Sign(_("Moteur de base de données"), {"sqlite": "SQLite"}.get(backend, "PostgreSQL")),
            Sign("Python", platform.python_version()),
        ),
    )


def weight(path: Path) -> int:
    """Bytes of a file, or of all that a folder holds; nothing for what is not there."""
    if path.is_file():
        return _size(path)
    walked = os.walk(path)  # a folder that cannot be read is as if it were empty
    return sum(_size(Path(folder) / name) for folder, _folders, names in walked for name in names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def in_bytes(count: int) -> str:
    """A weight as people read it."""
    if count >= 1_000_000_000:
        return _("%(number)s Go", number=format_number(round(count / 1_000_000_000, 1)))
    return _("%(number)s Mo", number=format_number(round(count / 1_000_000, 1)))
