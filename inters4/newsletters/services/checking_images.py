"""Images of a message: each has words, is there for everyone, and they weigh little together.

A program of mail asks for them without any account, sometimes over a slow line.
"""

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS
from inters4.core.files import Opening, StoredFile
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_number, ngettext
from inters4.core.values import dataclass
from inters4.newsletters.exports.message import MessageParts
from inters4.newsletters.services.remarks import Remark

HEAVIEST = 600_000
"""Bytes of images past which a message is slow to open in the country."""
_MOST_IMAGES = 5
_NO_WORDS = re.compile(r"<img\b(?![^>]*\balt=\"[^\"]+\")[^>]*>")
_IMAGE = re.compile(r"<img\b")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found; `weight` in bytes, of the images that the portal serves, each once."""

    remarks: tuple[Remark, ...]
    weight: int


def look_at_images(session: Session, parts: MessageParts, site: str) -> Looked:
    """One statement, none for a message without images."""
    pieces = (
        (parts.opening.html, "opening"),
        *((one.whole.html, f"item-{one.key}") for one in parts.blocks),
    )
    ours = re.compile(rf"<img\b[^>]*\bsrc=\"{re.escape(site)}/fichiers/([0-9a-f]{{32}})")
    tokens = {token for html, _about in pieces for token in ours.findall(html)}
    files = _files(session, tokens) if tokens else {}
    weight = sum(one.size for one in files.values())
    remarks: list[Remark] = []
    for html, about in pieces:
        remarks += _of_piece(session, html, about, ours.findall(html), files)
    return Looked((*remarks, *_of_all(pieces, weight)), weight)


def _files(session: Session, tokens: set[str]) -> Mapping[str, StoredFile]:
    rows = session.scalars(select(StoredFile).where(StoredFile.token.in_(tokens)))
    return {one.token: one for one in rows}


def _of_piece(
    session: Session,
    html: str,
    about: str,
    tokens: list[str],
    files: Mapping[str, StoredFile],
) -> Iterator[Remark]:
    if _NO_WORDS.search(html):
        yield Remark(
            _("Une image n’a pas de texte de remplacement : décrivez-la."), about, stops=True
        )
    if not all(_is_for_everyone(session, files.get(token)) for token in tokens):
        yield Remark(
            _("Une image n’est pas visible de tout le monde : retirez-la, ou publiez sa fiche."),
            about,
            stops=True,
        )


def _is_for_everyone(session: Session, stored: StoredFile | None) -> bool:
    if stored is None or stored.is_emptied:
        return False
    return Opening.PUBLIC in {owner(session, stored, ANONYMOUS) for owner in hooks.file_owners}


def _of_all(pieces: tuple[tuple[str, str], ...], weight: int) -> Iterator[Remark]:
    count = sum(len(_IMAGE.findall(html)) for html, _about in pieces)
    if weight > HEAVIEST:
        yield Remark(
            _(
                "Les images pèsent %(size)s ko ensemble : en région, le message sera lent à "
                "ouvrir. Choisissez-en de plus petites.",
                size=format_number(round(weight / 1000)),
            )
        )
    elif count > _MOST_IMAGES:
        yield Remark(
            ngettext(
                "Le message contient %(num)s image : il sera lourd à ouvrir en région.",
                "Le message contient %(num)s images : il sera lourd à ouvrir en région.",
                count,
            )
        )
