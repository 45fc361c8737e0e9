"""What a file is, judged by its content: its name and its declared type prove nothing."""

import unicodedata
from pathlib import PurePosixPath

import filetype

from inters4.core.files.archives import archive_kind
from inters4.core.files.kinds import CSV, JPEG, PDF, PNG, TXT, WEBP, FileKind
from inters4.core.files.refusals import FileRefused
from inters4.core.i18n import _

__all__ = ["FileRefused", "clean_name", "kind_of"]

MAX_NAME_CHARS = 150
_SIMPLE = {kind.media_type: kind for kind in (PDF, PNG, JPEG, WEBP)}
_TEXT = {"csv": CSV, "txt": TXT}
_ARCHIVE_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TEXT_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def kind_of(data: bytes, name: str) -> FileKind:
    """The kind of `data`; `name` only tells CSV from plain text.

    Raises:
        FileRefused: a kind that is not accepted, or a file that hides something.
    """
    if not data:
        raise FileRefused(_("Ce fichier est vide."))
    if data.startswith(_ARCHIVE_MARKS):
        return archive_kind(data)
    found = filetype.guess_mime(data)
    if found in _SIMPLE:
        return _SIMPLE[found]
    text = _TEXT.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if found is None and text is not None:
        _check_text(data)
        return text
    raise FileRefused(
        _(
            "Ce type de fichier n’est pas accepté. Déposez un document PDF, Word (docx), "
            "Excel (xlsx), PowerPoint (pptx) ou ODT, une image PNG, JPEG ou WebP, un tableau "
            "CSV ou un texte."
        )
    )


def _check_text(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused(
            _("Ce texte n’est pas en UTF-8 : enregistrez-le dans ce codage (« CSV UTF-8 »).")
        ) from None
    if _TEXT_CONTROLS.intersection(data):
        raise FileRefused(_("Ce fichier n’est pas un texte : il contient des codes cachés."))


def clean_name(written: str, kind: FileKind) -> str:
    """`written` without folders, hidden characters and false extensions.

    « docs/Rapport.PDF.exe » holding a PDF becomes « Rapport.pdf ».
    """
    text = unicodedata.normalize("NFC", written).replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = " ".join(character for character in text.split(" ") if character)
    text = "".join("-" if character in '<>:"|?*' else character for character in text)
    stem = text
    while len(PurePosixPath(stem).suffix) in range(2, 7):
        stem = PurePosixPath(stem).stem
    stem = stem.strip(" .")[: MAX_NAME_CHARS - len(kind.extension) - 1].strip(" .")
    return f"{stem or 'fichier'}.{kind.extension}"
