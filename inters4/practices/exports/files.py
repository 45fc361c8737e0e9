"""`content/files/TOKEN.EXT`: the files that public sheets name, as they are kept.

A file never changes: another content is another file. Its name, its licence and the rest are in
the sheets that name it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.errors import NotFound
from inters4.core.files import FileStore, StoredFile, file_store
from inters4.core.frontmatter import ContentError, ContentErrors, FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.practices.queries.files import public_files

FOLDER = "files"
_NAME = re.compile(r"(?P<token>[0-9a-f]{32})\.[a-z]{3,4}")


def read_file(session: Session, document: FrontMatter, _earlier: Earlier) -> Sequence[ContentItem]:
    """The one file that a file is.

    Raises:
        ContentErrors: its name is no token, it is larger than this installation takes, or it was
            taken back here.
    """
    name = PurePosixPath(document.path).name
    found = _NAME.fullmatch(name)
    if found is None:
        raise _refusal(document, _("Le nom de ce fichier n’est pas celui d’une pièce exportée."))
    if len(document.data) > _store().max_bytes:
        raise _refusal(document, _("Ce fichier dépasse la taille que ce portail accepte."))
    token = found["token"]
    kept = session.scalars(select(StoredFile).where(StoredFile.token == token)).first()
    if kept is not None and kept.is_emptied:
        raise _refusal(document, _("Ce fichier a été retiré de ce portail : il n’y revient pas."))
    return [
        ContentItem(
            id=token,
            line=1,
            text=_text(name, hashlib.sha256(document.data).hexdigest()),
            apply=partial(_bring_back, session, token, document.data, name),
            gives=(("files", token),),
        )
    ]


def lock_files(_session: Session, _tokens: Sequence[str]) -> None:
    """Nobody changes a file."""


def file_texts(session: Session, tokens: Sequence[str]) -> Mapping[str, str]:
    """What tells one content from another, for those of `tokens` that are kept here."""
    rows = session.scalars(select(StoredFile).where(StoredFile.token.in_(tokens)))
    return {row.token: _text(_name_of(row), row.sha256) for row in rows}


def export_files(session: Session) -> Iterator[tuple[str, bytes]]:
    """Every file that a sheet which everyone may read names; one lost on the disk is left out."""
    store = _store()
    for stored in public_files(session):
        with suppress(NotFound), store.open_file(stored) as file:
            yield _name_of(stored), file.read()


def content_kind() -> ContentKind:
    """Files come before the sheets that name them."""
    return ContentKind(
        name="practice-file",
        place=FOLDER,
        order=25,
        read=read_file,
        lock=lock_files,
        current=file_texts,
        export=export_files,
        is_raw=True,
    )


def _bring_back(session: Session, token: str, data: bytes, name: str) -> StoredFile:
    return _store().bring_back(session, token, data, name)


def _store() -> FileStore:
    return file_store(jobs.settings)


def _name_of(stored: StoredFile) -> str:
    return f"{stored.token}{PurePosixPath(stored.name).suffix}"


def _text(name: str, digest: str) -> str:
    return f"{name} {digest}\n"


def _refusal(document: FrontMatter, message: str) -> ContentErrors:
    return ContentErrors([ContentError(document.path, 1, message)])
