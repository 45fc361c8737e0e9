"""The shape of an archive, and the doubts with which one is read.

A ZIP whose every entry is in the manifest, under a name of a closed list: whatever a file calls
itself, nothing is ever written elsewhere than where we put that kind of thing.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, field
from pathlib import Path
from typing import Any, BinaryIO

from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.values import dataclass

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "inters4.db"
DUMP = "postgresql.dump"
SETTINGS = "settings.json"
BITE = 1_048_576
_NAMES = re.compile(
    r"inters4\.db|postgresql\.dump|settings\.json"
    r"|files/(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P=a)(?P=b)[0-9a-f]{28}"
)
_LARGEST_MANIFEST = 200_000_000


class BackupRefused(DomainError):
    """A backup cannot be made, or is not fit to be restored; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing kept in an archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says it holds.

    Attributes:
        made_at: instant, ISO 8601.
        revision: of the database.
        rows: how many rows of the tables worth counting, queues first.
        missing: tokens of deposited files whose row was there and whose content was not.
    """

    format: int = FORMAT
    made_at: str
    portal: str
    revision: str
    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    entries: dict[str, Entry]

    def written(self) -> bytes:
        """The bytes of the manifest."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True).encode()


def write_entry(archive: zipfile.ZipFile, name: str, source: BinaryIO, *, packed: bool) -> Entry:
    """Copy `source` under `name`, and give back its true size and digest."""
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as target:
        while bite := source.read(BITE):
            digest.update(bite)
            size += len(bite)
            target.write(bite)
    return Entry(size, digest.hexdigest())


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an opened archive, whose entries are exactly those it names.

    Raises:
        BackupRefused: it is no backup of ours, or was tampered with.
    """
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise not_a_backup()
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if told.get("format") != FORMAT:
            raise BackupRefused(
                _("Cette sauvegarde vient d’une autre version du portail : mettez-le à jour.")
            )
        told["entries"] = {name: Entry(**entry) for name, entry in told["entries"].items()}
        manifest = Manifest(**told)
    except (KeyError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
        raise not_a_backup() from error
    named = sorted([*manifest.entries, MANIFEST])
    if sorted(archive.namelist()) != named or not all(map(_NAMES.fullmatch, manifest.entries)):
        raise not_a_backup()
    return manifest


def check_entry(
    archive: zipfile.ZipFile, name: str, entry: Entry, keep: Callable[[bytes], object] | None = None
) -> None:
    """Read one entry, handing each piece to `keep`, and compare it with the manifest.

    Raises:
        BackupRefused: it is not what was saved.
    """
    digest, size = hashlib.sha256(), 0
    try:
        for bite in _bites(archive, name):
            size += len(bite)
            if size > entry.size:
                raise damaged(name)
            digest.update(bite)
            if keep is not None:
                keep(bite)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(name) from error
    if (size, digest.hexdigest()) != (entry.size, entry.sha256):
        raise damaged(name)


def open_archive(path: Path) -> zipfile.ZipFile:
    """An archive to be read.

    Raises:
        BackupRefused: it is no archive, or its end is missing.
        OSError: it cannot be opened.
    """
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise not_a_backup() from error


def not_a_backup() -> BackupRefused:
    """The refusal of a file that is no whole backup."""
    return BackupRefused(
        _(
            "Ce fichier n’est pas une sauvegarde du portail, ou il est incomplet : prenez-en "
            "une autre."
        )
    )


def damaged(name: str) -> BackupRefused:
    """The refusal of an archive of which one entry is not what was saved."""
    return BackupRefused(
        _(
            "Cette sauvegarde est abîmée (%(name)s) : rien n’a été remis. Prenez-en une autre.",
            name=name,
        )
    )


def _bites(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as source:
            while bite := source.read(BITE):
                yield bite
    except OSError as error:
        raise damaged(name) from error
    except Exception as error:  # zlib.error has no base of its own
        if type(error).__name__ == "error":
            raise damaged(name) from error
        raise
