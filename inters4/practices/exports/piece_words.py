"""A piece of a sheet in words: what kind of file, how large, on what terms, who can read it."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from inters4.core.files import StoredFile
from inters4.core.i18n import LazyText, _, format_date, format_number, lazy
from inters4.core.values import dataclass
from inters4.practices.exports.languages import LANGUAGES
from inters4.practices.models import Accessibility, Check, Licence, PracticeAttachment

_KINDS: Mapping[str, LazyText] = {
    "pdf": lazy("PDF"),
    "docx": lazy("document Word"),
    "xlsx": lazy("classeur Excel"),
    "pptx": lazy("présentation PowerPoint"),
    "odt": lazy("document ODT"),
    "png": lazy("image PNG"),
    "jpg": lazy("image JPEG"),
    "webp": lazy("image WebP"),
    "csv": lazy("tableau CSV"),
    "txt": lazy("texte"),
}
_LICENCES: Mapping[Licence, LazyText] = {
    Licence.CC0: lazy("CC0"),
    Licence.CC_BY: lazy("CC BY"),
    Licence.CC_BY_SA: lazy("CC BY-SA"),
    Licence.CC_BY_NC: lazy("CC BY-NC"),
    Licence.CC_BY_NC_SA: lazy("CC BY-NC-SA"),
    Licence.CC_BY_ND: lazy("CC BY-ND"),
    Licence.CC_BY_NC_ND: lazy("CC BY-NC-ND"),
    Licence.RESERVED: lazy("tous droits réservés"),
    Licence.PERMISSION: lazy("déposé avec permission"),
    Licence.OTHER: lazy("autre licence"),
    Licence.UNKNOWN: lazy("licence inconnue"),
}
_ON_THE_WHOLE: Mapping[Accessibility, LazyText] = {
    Accessibility.UNCHECKED: lazy("accessibilité non vérifiée"),
    Accessibility.ACCESSIBLE: lazy("accessible"),
    Accessibility.PARTLY: lazy("accessible en partie"),
    Accessibility.INACCESSIBLE: lazy("non accessible"),
}
_CHECKED: Mapping[str, Mapping[Check, LazyText]] = {
    "alt_text": {Check.YES: lazy("images décrites"), Check.NO: lazy("images sans description")},
    "structure": {
        Check.YES: lazy("titres et tableaux balisés"),
        Check.NO: lazy("titres et tableaux non balisés"),
    },
    "contrast": {Check.YES: lazy("contraste suffisant"), Check.NO: lazy("contraste insuffisant")},
    "captions": {
        Check.YES: lazy("sous-titres ou transcription"),
        Check.NO: lazy("sans sous-titres ni transcription"),
    },
}
_KILO, _MEGA = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as readers see it.

    Attributes:
        address: empty for a file that is lost.
        language: code of that of the document; empty when it is that of the sheet.
        told: kind and size, language, terms, accessibility, in words.
    """

    title: str
    address: str
    language: str
    told: tuple[str, ...]


def piece_of(row: PracticeAttachment, stored: StoredFile | None) -> Piece:
    """A piece, and its file when it was deposited here."""
    is_lost = bool(row.file) and stored is None
    told = (
        _("fichier perdu") if is_lost else _file_words(stored),
        _language_words(row.language),
        _licence_words(row),
        _accessibility_words(row),
    )
    return Piece(
        title=row.title,
        address="" if is_lost else row.address,
        language=row.language,
        told=tuple(one for one in told if one),
    )


def size_words(size: int) -> str:
    """« 1,2 Mo », « 340 ko »."""
    if size >= _MEGA:
        return _("%(size)s Mo", size=format_number(round(size / _MEGA, 1)))
    return _("%(size)s ko", size=format_number(max(1, round(size / _KILO))))


def _file_words(stored: StoredFile | None) -> str:
    if stored is None:
        return ""
    ending = PurePosixPath(stored.name).suffix.removeprefix(".")
    return f"{_KINDS.get(ending, ending)}, {size_words(stored.size)}"


def _language_words(code: str) -> str:
    return _("en %(language)s", language=LANGUAGES[code]) if code in LANGUAGES else code


def _licence_words(row: PracticeAttachment) -> str:
    if row.terms is Licence.UNKNOWN and row.licence:
        return row.licence
    named = str(_LICENCES[row.terms])
    return f"{named} ({row.licence})" if row.licence else named


def _accessibility_words(row: PracticeAttachment) -> str:
    """What was said on the whole, then each thing that was looked at, and when."""
    seen = [
        str(words[found])
        for name, words in _CHECKED.items()
        if (found := getattr(row, name)) in words
    ]
    has_whole = row.accessibility is not Accessibility.UNCHECKED
    told = [str(_ON_THE_WHOLE[row.accessibility])] if has_whole or not seen else []
    told += seen
    if row.checked_on is None:
        return ", ".join(told)
    day = format_date(row.checked_on)
    return _("%(what)s (vérifié le %(day)s)", what=", ".join(told), day=day)
