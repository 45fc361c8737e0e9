"""The files of a content folder: listed without following anything, read through one door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inters4.core.frontmatter import (
    ContentError,
    ContentErrors,
    FrontMatter,
    parse,
    read_document,
)
from inters4.core.hooks import ContentKind
from inters4.core.i18n import _

_MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import; `path` is relative to the content folder."""

    kind: ContentKind
    path: Path


def list_files(root: Path, kinds: Sequence[ContentKind]) -> list[SourceFile]:
    """The files of each kind, in the order of import: a translation follows its original.

    Hidden files are left alone; whatever else is not a Markdown file is listed all the same, so
    that reading it refuses it by name.
    """
    return [
        SourceFile(kind, path)
        for kind in sorted(kinds, key=lambda item: item.order)
        for path in sorted(_paths(root, kind), key=lambda path: (path.stem.count("."), path.name))
    ]


def _paths(root: Path, kind: ContentKind) -> Iterator[Path]:
    if kind.place.endswith(".yaml"):
        if (root / kind.place).exists() or (root / kind.place).is_symlink():
            yield Path(kind.place)
        return
    folder = root / kind.place
    if folder.is_symlink():
        yield Path(kind.place)
    elif folder.is_dir():
        yield from (
            Path(kind.place) / entry.name
            for entry in folder.iterdir()
            if not entry.name.startswith(".")
        )


def read_file(source: SourceFile, root: Path) -> FrontMatter:
    """What the file says.

    Raises:
        ContentErrors: the file is refused, or cannot be read.
    """
    name = source.path.as_posix()
    if source.path.suffix == ".yaml" and source.kind.place == name:
        return _read_reference(root / source.path, name)
    if source.path.suffix != ".md" and not (root / source.path).is_symlink():
        raise ContentErrors(
            [ContentError(name, 1, _("Seuls les fichiers « .md » sont importés d’ici."))]
        )
    return read_document(source.path, root)


def _read_reference(path: Path, name: str) -> FrontMatter:
    """A YAML file is the front matter of a document without body: only the last line is added."""
    if path.is_symlink():
        message = _("Les liens symboliques ne sont pas suivis.")
        raise ContentErrors([ContentError(name, 1, message)])
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        message = _("Ce fichier ne peut pas être lu (%(reason)s).", reason=error.strerror)
        raise ContentErrors([ContentError(name, 1, message)]) from error
    return parse(data.rstrip(b"\n") + b"\n---\n", path=name)
