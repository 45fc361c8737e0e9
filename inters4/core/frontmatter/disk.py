"""Documents on disk: opened step by step from their root, never through a symbolic link."""

import errno
import os
import stat
from pathlib import Path

from inters4.core.frontmatter.reading import MAX_FILE_BYTES, parse
from inters4.core.frontmatter.values import ContentError, ContentErrors, FrontMatter
from inters4.core.i18n import _


def read_document(path: Path, root: Path) -> FrontMatter:
    """Read the document at `path`, which must be a plain file below `root`.

    `path` is absolute or relative to `root`; mistakes carry it relative to `root`.

    Raises:
        ContentErrors: the file is refused, or cannot be read.
    """
    relative = path.relative_to(root) if path.is_absolute() and path.is_relative_to(root) else path
    return parse(read_plain_file(relative, root), path=relative.as_posix())


def read_plain_file(relative: Path, root: Path, *, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of the plain file at `relative` below `root`, at most one more than `limit`.

    Raises:
        ContentErrors: it is elsewhere, behind a link, not a plain file, or cannot be read.
    """
    name = relative.as_posix()
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise _refusal(name, _("Ce fichier est hors du dossier du contenu."))
    try:
        data = _read(relative, root, limit)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise _refusal(name, _("Les liens symboliques ne sont pas suivis.")) from error
        raise _refusal(
            name, _("Ce fichier ne peut pas être lu (%(reason)s).", reason=error.strerror)
        ) from error
    if data is None:
        raise _refusal(name, _("Ce n’est pas un fichier ordinaire."))
    return data


def _refusal(name: str, message: str) -> ContentErrors:
    return ContentErrors([ContentError(name, 1, message)])


def _read(relative: Path, root: Path, limit: int) -> bytes | None:
    """The bytes, at most one more than the reader takes; None when not a plain file."""
    *folders, last = relative.parts
    holder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            inner = os.open(folder, flags, dir_fd=holder)
            os.close(holder)
            holder = inner
        # O_NONBLOCK: opening a named pipe must not wait for a writer.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(last, flags, dir_fd=holder)
    finally:
        os.close(holder)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(limit + 1)
