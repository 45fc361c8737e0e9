"""Office documents are archives: looked into before anyone opens them.

Counted and inflated here under limits, so that a bomb bursts in this room; macros, passwords and
archives within archives are refused by name.
"""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from inters4.core.files.kinds import ODT, OFFICE, FileKind
from inters4.core.files.refusals import FileRefused
from inters4.core.i18n import _

MAX_PARTS = 2_000
MAX_INFLATED = 150_000_000
MAX_RATIO = 200
_RATIO_FROM = 1_000_000
_BITE = 65_536
_ENCRYPTED = 0x1
_SMALL_PART = 2_000_000
_CONTENT_TYPES = "[Content_Types].xml"
_ARCHIVES = frozenset(
    {".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar", ".cab", ".iso"}
)
_PROGRAMS = frozenset(
    {".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta", ".lnk", ".msi"}
)
_MACRO_PARTS = ("vbaproject", "vbadata", "basic/", "scripts/", "macros/", "activex/")


def archive_kind(data: bytes) -> FileKind:
    """The kind of document that the archive `data` is.

    Raises:
        FileRefused: no document we accept, a bomb, a password, a macro.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_names(parts)
            _check_sizes(archive, parts)
            return _kind(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError):
        raise FileRefused(_("Ce document est endommagé : enregistrez-le de nouveau.")) from None


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise FileRefused(_("Ce document contient trop de parties."))
    seen: set[str] = set()
    for part in parts:
        name = part.filename.replace("\\", "/").lower()
        suffix = PurePosixPath(name).suffix
        if part.flag_bits & _ENCRYPTED:
            raise FileRefused(_("Ce document est protégé par un mot de passe : retirez-le."))
        if any(mark in name for mark in _MACRO_PARTS):
            raise FileRefused(_("Ce document contient des macros : enregistrez-le sans elles."))
        if suffix in _ARCHIVES or suffix in _PROGRAMS:
            raise FileRefused(_("Ce document contient une archive ou un programme : retirez-le."))
        if name in seen or name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise ValueError(name)
        seen.add(name)


def _check_sizes(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Inflate everything under limits: what an archive declares about itself proves nothing."""
    bomb = FileRefused(_("Ce document est démesuré une fois décompressé."))
    if sum(part.file_size for part in parts) > MAX_INFLATED:
        raise bomb
    total = 0
    for part in parts:
        inflated = 0
        with archive.open(part) as content:
            while piece := content.read(_BITE):
                inflated += len(piece)
                total += len(piece)
                is_swollen = inflated > _RATIO_FROM and inflated > MAX_RATIO * max(
                    1, part.compress_size
                )
                if total > MAX_INFLATED or is_swollen:
                    raise bomb


def _kind(archive: zipfile.ZipFile) -> FileKind:
    names = set(archive.namelist())
    if "mimetype" in names and "content.xml" in names:
        if _part(archive, "mimetype").strip() == ODT.media_type.encode():
            return ODT
    elif _CONTENT_TYPES in names:
        types = _part(archive, _CONTENT_TYPES)
        if b"macroenabled" in types.lower():
            raise FileRefused(_("Ce document contient des macros : enregistrez-le sans elles."))
        for kind in OFFICE:
            if f'"{kind.main_part}"'.encode() in types:
                return kind
    raise FileRefused(
        _("Cette archive n’est pas un document Word, Excel, PowerPoint ou ODT accepté.")
    )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as content:
        return content.read(_SMALL_PART)
